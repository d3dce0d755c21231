import type { RequestInput } from '../wire/request-input.ts';
import type { OperationHandler } from '../wire/server.ts';
import { ServiceError } from '../wire/service-error.ts';

interface Tag {
  readonly Key: string;
  readonly Value: string;
}

/** Most tags of one resource (`TagList` of the model). */
const MAX_TAGS = 200;

/**
 * The tags of every resource of the media pipelines API, by its ARN. Services tell it of what they create; TagResource,
 * UntagResource and ListTagsForResource know nothing else.
 */
export class ResourceTags {
  readonly #tags = new Map<string, Map<string, string>>();

  /** A resource is there, with the `Tags` of the request that made it. */
  own(arn: string, tags: unknown): void {
    const list = Array.isArray(tags) ? (tags as readonly Tag[]) : [];
    this.#tags.set(arn, new Map(list.map(({ Key, Value }) => [Key, Value])));
  }

  /** A resource is gone. */
  forget(arn: string): void {
    this.#tags.delete(arn);
  }

  readonly handlers: Readonly<Record<string, OperationHandler>> = {
    TagResource: async (input) => {
      const tags = this.#of(input);
      const added = input['Tags'] as readonly Tag[];
      if (new Set([...tags.keys(), ...added.map(({ Key }) => Key)]).size > MAX_TAGS) {
        throw new ServiceError('BadRequest', `A resource has at most ${MAX_TAGS} tags.`);
      }
      for (const { Key, Value } of added) tags.set(Key, Value);
      return undefined;
    },
    UntagResource: async (input) => {
      const tags = this.#of(input);
      for (const key of input['TagKeys'] as readonly string[]) tags.delete(key);
      return undefined;
    },
    ListTagsForResource: async (input) => ({
      Tags: [...this.#of(input)].map(([Key, Value]) => ({ Key, Value })),
    }),
  };

  #of(input: RequestInput): Map<string, string> {
    const tags = this.#tags.get(String(input['ResourceARN']));
    if (!tags) throw new ServiceError('NotFound', 'The resource was not found.');
    return tags;
  }
}
