import { z } from 'zod';

/** Whoever reads the journal later wants to know why. */
export const reasonText = z.string().trim().min(1, 'a reason must be given: it is written down');
