import type { AudioSource, VirtualCall } from '../../call/virtual-call.ts';

/** Who or what is at the far end of a leg. */
export interface FarEnd {
  /** Is on the line from now on. */
  arrive(): void;
  /** Is gone from now on. */
  leave(): void;
  /** What comes from there between two wall times (epoch ms), at the rate of the call. */
  says(fromMs: number, toMs: number): Int16Array;
}

/** Somebody with a telephone: one voice of the conversation. */
export function person(call: VirtualCall, name: string, address: string, source: AudioSource | undefined): FarEnd {
  return {
    arrive: () => {
      const present = call.participants.some((one) => one.name === name && one.leftAt === undefined);
      if (!present) call.join({ name, address, ...(source ? { source } : {}) });
    },
    leave: () => call.leave(name),
    says: (fromMs, toMs) => call.render([name], fromMs, toMs),
  };
}
