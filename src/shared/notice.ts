import { z } from 'zod';

/** The schema of `Notice`: a stable code and the values that its sentence needs. */
export const notice = z.object({ code: z.string(), params: z.record(z.string(), z.union([z.string(), z.number()])) });
