/** A notice to be spoken or played to everybody on the call. */
export type Announcement =
  | { readonly text: string; readonly language?: string | undefined; readonly voice?: string | undefined }
  | { readonly ssml: string }
  /** A prompt the provider can fetch: `s3://bucket/key` on SMA, an `https:` URL on Azure. */
  | { readonly file: string };

/** Why capture is allowed: the provider played our notice, or the application vouches for its own. */
export type Consent =
  | { readonly basis: 'announced'; readonly noticeId: string }
  | { readonly basis: 'application'; readonly noticeId: string };
