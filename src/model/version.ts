import { z } from 'zod';

/** Which of the two systems the application runs as. */
export const version = z.enum(['unified', 'legacy']);
export type Version = z.infer<typeof version>;
