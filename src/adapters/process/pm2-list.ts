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

/** Out of what pm2's daemon tells, everything but the environments. Errors: `process-manager`. */
export function readAppList(told: unknown): ListedApp[] {
  const apps = z.array(listed).safeParse(told);
  if (apps.success) return apps.data;
  // What it told is not repeated: it may hold an application's environment.
  throw new RollbackdError('process-manager', "What pm2's daemon told is no list of applications.", {
    remedy: 'compare its version ("pm2 --version") with those that rollbackd knows: 4 to 7.',
  });
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
