import { z } from 'zod';
import { absolutePath, duration } from '../../core/scalars.ts';

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
});
export type TrafficConfig = z.infer<typeof trafficSchema>;
