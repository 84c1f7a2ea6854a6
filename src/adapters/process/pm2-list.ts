import { z } from 'zod';
import { RollbackdError } from '../../core/errors.ts';
import type { ManagedProcess } from './contract.ts';

const listed = z
  .object({
    name: z.string(),
    pm_id: z.number().int(),
    pid: z.number().int().nullish(),
    pm2_env: z.object({
      status: z.string(),
      pm_cwd: z.string().default(''),
      restart_time: z.number().default(0),
      cron_restart: z.union([z.string(), z.number()]).nullish(),
    }),
  })
  .transform(({ name, pm_id, pid, pm2_env }) => ({
    name,
    managerId: pm_id,
    pid: pid ?? 0,
    status: statusOf(pm2_env.status),
    workingDirectory: pm2_env.pm_cwd,
    restarts: pm2_env.restart_time,
    /** pm2 starts a stopped application at the next tick of its schedule: 0 and "0" mean none. */
    restartsBySchedule: Boolean(pm2_env.cron_restart) && pm2_env.cron_restart !== '0',
  }));

export type ListedApp = z.infer<typeof listed>;

/** Out of what `pm2 jlist` prints, everything but the environments. pm2 puts notices of its own before the list. */
export function parseAppList(output: string): ListedApp[] {
  for (const line of output.split('\n').toReversed()) {
    const apps = z.array(listed).safeParse(jsonOf(line));
    if (apps.success) return apps.data;
  }
  // The output itself is not told: it may hold the applications' environment.
  throw new RollbackdError('process-manager', '"pm2 jlist" printed nothing that is a list of applications.', {
    remedy: 'check that `process.program` is pm2 and `process.node` a Node that runs it.',
  });
}

function jsonOf(line: string): unknown {
  if (!line.startsWith('[')) return undefined;
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function statusOf(text: string): ManagedProcess['status'] {
  switch (text) {
    case 'online':
    case 'stopped':
    case 'errored':
      return text;
    case 'launching':
      return 'starting';
    default:
      return 'other';
  }
}
