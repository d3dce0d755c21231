/** Where the files of a capture lie, as far as it is read here. */
export interface ChunkSource {
  /** Every object whose key begins with `prefix`, in the order of S3 (by the bytes of its key), page by page. */
  list(prefix: string, options: { readonly signal: AbortSignal }): AsyncIterable<ListedObject>;
  /**
   * The bytes of an object, or a piece of it: `first` and `last` are its first and last byte.
   * @throws OnRecordError `not-found` when there is none.
   */
  open(
    key: string,
    options: {
      readonly signal: AbortSignal;
      readonly range?: { readonly first: number; readonly last: number } | undefined;
    },
  ): Promise<Uint8Array>;
}

export interface ListedObject {
  readonly key: string;
  readonly bytes: number;
}
