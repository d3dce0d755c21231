import { z } from 'zod';
import type { Voice } from './audio.ts';

/** Shapes that requests for calls of all providers share. */
export const voice: z.ZodType<Voice> = z.union([
  z.strictObject({ wav: z.string().min(1) }),
  z.strictObject({ toneHz: z.number().min(20).max(4_000) }),
]);

export const hangUpAfterMs: z.ZodOptional<z.ZodNumber> = z.number().int().min(0).max(86_400_000).optional();
