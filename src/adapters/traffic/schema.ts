import { z } from 'zod';
import { absolutePath, duration } from '../../core/scalars.ts';

/** The balancer's access log: real requests, from which error rate and latency are measured. */
const accessLog = z.strictObject({
  file: absolutePath,
  /** `json`: deploy/nginx/rollbackd-log.conf; `combined`: nginx's own with `$request_time` at its end. */
  format: z.enum(['json', 'combined']).default('json'),
  /** Only requests for these paths count: static files tell nothing. */
  paths: z.array(z.string().startsWith('/')).min(1).default(['/']),
});
export type AccessLogConfig = z.infer<typeof accessLog>;

export const trafficSchema = z.strictObject({
  adapter: z.literal('nginx'),
  /** Program and leading arguments: [nginx] or [sudo, nginx]. */
  command: z.array(z.string().min(1)).min(1),
  prefix: absolutePath,
  /** Relative to the prefix or absolute, as `nginx -c` takes it. */
  configFile: z.string().min(1),
  /** Included by the server block; empty while serving, a marked `return 503;` in maintenance. */
  maintenanceFile: absolutePath,
  maintenanceStatus: z.int().min(400).max(599).default(503),
  timeout: duration.prefault('15s'),
  /** Absent: error rate and latency are measured from rollbackd's own requests alone. */
  accessLog: accessLog.optional(),
});
export type TrafficConfig = z.infer<typeof trafficSchema>;
