import { z } from 'zod';
import { plan } from '../model/plan.ts';
import { commandResult } from './result.ts';

/** `run` is absent after a dry run. */
export const rollbackResult = z.object({ ...commandResult.shape, run: z.string().optional(), plan });
export type RollbackResult = z.infer<typeof rollbackResult>;
