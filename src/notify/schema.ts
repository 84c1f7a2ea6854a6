import { z } from 'zod';
import { duration, httpUrl, secret } from '../core/scalars.ts';

export const notifySchema = z.strictObject({
  webhook: z
    .strictObject({ url: httpUrl, authorization: secret.optional(), timeout: duration.prefault('8s') })
    .optional(),
  /** How often an unanswered question or an unreleased containment is told again. */
  remindEvery: duration.prefault('15m'),
});
export type NotifyConfig = z.infer<typeof notifySchema>;
