import { z } from 'zod';
import { absolutePath, duration, urlPath } from '../../core/scalars.ts';

const accessLog = z.strictObject({
  file: absolutePath.describe(
    'The log. It may be rotated by renaming or by copying; its `access_log` directive must have no `buffer=`.',
  ),
  format: z
    .enum(['json', 'combined'])
    .default('json')
    .describe(
      "`json` as deploy/nginx/rollbackd-log.conf writes it, or nginx's own `combined` with `$request_time` at its end, which names no tenants.",
    ),
  paths: z
    .array(urlPath)
    .min(1)
    .default(['/'])
    .describe('Only requests whose path begins like one of these count: static files tell nothing.'),
});
export type AccessLogConfig = z.infer<typeof accessLog>;

export const trafficSchema = z.strictObject({
  adapter: z.literal('nginx').describe('The kind of balancer: nginx is the only one so far.'),
  maintenanceFile: absolutePath.describe(
    'While this file exists, nginx answers every request with maintenance, as deploy/nginx/rollbackd-maintenance.conf says. Its folder must outlive a reboot and be writable for rollbackd.',
  ),
  maintenanceStatus: z.int().min(400).max(599).default(503).describe('Status of the maintenance answer.'),
  timeout: duration.prefault('15s').describe('How long until a change of the balancer must be seen through it.'),
  accessLog: accessLog
    .optional()
    .describe(
      "The balancer's access log: real requests, from which error rate and latency are measured. Left out, they are measured from rollbackd's own requests alone.",
    ),
});
export type TrafficConfig = z.infer<typeof trafficSchema>;
