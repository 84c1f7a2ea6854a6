import { z } from 'zod';
import { duration, httpUrl, secret } from '../core/scalars.ts';

export const notifySchema = z.strictObject({
  webhook: z
    .strictObject({ url: httpUrl, authorization: secret.optional(), timeout: duration.prefault('8s') })
    .optional(),
});
export type NotifyConfig = z.infer<typeof notifySchema>;
