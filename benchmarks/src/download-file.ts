/** What the file is made of, over and over. */
export const block: Buffer = Buffer.from(Uint8Array.from({ length: 1_048_576 }, (_, index) => (index * 31 + 7) & 255));

/** 1 GiB. */
export const fileBytes: number = 1_024 * block.byteLength;
