/** What the function and the web process must say alike, or they do not find each other's sessions. */
export const DEPLOYMENT = 'agent-pause';
export const INSTANCE = 'main';
export const BUCKET = 'calls';
