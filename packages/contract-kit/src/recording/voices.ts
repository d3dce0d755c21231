/** What the two speakers say, in Hz. Chosen so that no tone is a harmonic or an alias of another at 8 kHz. */
export const VOICE = { reference: 440, other: 1030 } as const;

/** What they say while a recording is paused: it must be in no file. */
export const SECRET = { reference: 1730, other: 2390 } as const;

/** By how many decibels a voice must stand above one that is not there. */
export const APART_DB = 30;

/** A voice that is there is at least this loud, in dBFS: 8 dB under what the harness is asked to play. */
export const PRESENT_DBFS: number = -20;

/** Words said at the edges of what must be captured, in Hz: after the start, around the pause, before the stop. */
export const EDGE = { started: 610, pausing: 790, resumed: 1270, stopping: 1490 } as const;
