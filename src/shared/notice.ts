import { z } from 'zod';
import type { Notice } from './errors.js';

export const noticeFields = {
  code: z.string(),
  params: z.record(z.string(), z.union([z.string(), z.number(), z.lazy((): z.ZodType<Notice> => notice)])),
};

/** The schema of `Notice`: a stable code and the values that its sentence needs. */
export const notice: z.ZodType<Notice> = z.object(noticeFields);
