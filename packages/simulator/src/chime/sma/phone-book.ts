import type { AudioSource } from '../../call/virtual-call.ts';

/** What happens when a number is dialled. */
export interface Phone {
  /** Name of the person in the virtual call. When the call has that participant already, they are the one who answers. */
  readonly name: string;
  /** What they say. @default silence */
  readonly source?: AudioSource | undefined;
  /** From the ring to the answer, in ms. @default 2_000 */
  readonly answersAfterMs?: number | undefined;
  /** They do not answer: `busy` at once, `no-answer` until the caller gives up. @default they answer */
  readonly refuses?: 'busy' | 'no-answer' | undefined;
}

/** Whom the numbers reach. A number that is not in it is never answered. */
export class PhoneBook {
  readonly #phones = new Map<string, Phone>();

  set(number: string, phone: Phone): void {
    this.#phones.set(number, phone);
  }

  find(number: string): Phone {
    return this.#phones.get(number) ?? { name: number, refuses: 'no-answer' };
  }
}
