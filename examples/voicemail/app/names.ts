/** What the function and the worker must say alike, or they do not find each other's sessions. */
export const DEPLOYMENT = 'voicemail';
export const INSTANCE = 'main';
export const BUCKET = 'voicemail';
/** An 8 kHz mono WAV of type `audio/wav` that asks for a message and says that it is recorded. */
export const GREETING = `s3://${BUCKET}/prompts/greeting.wav`;
