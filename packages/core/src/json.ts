/** A value that survives `JSON.stringify` and `JSON.parse` unchanged: all that a record may hold. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [member: string]: Json | undefined };
export type JsonObject = { readonly [member: string]: Json | undefined };
