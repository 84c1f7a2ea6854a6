/** What may be known of an app: never its environment, which holds secrets. */
export interface Pm2App {
  readonly name: string;
  readonly pid: number | undefined;
  readonly status: string;
  readonly pmId: number;
  readonly cwd: string;
}

interface RawApp {
  readonly name: string;
  readonly pid?: number;
  readonly pm_id: number;
  readonly pm2_env: { readonly status: string; readonly pm_cwd: string };
}

/** Out of what `pm2 jlist` prints; notices of pm2's may come before the list. */
export function parseAppList(output: string): readonly Pm2App[] {
  const line = output.split('\n').find((text) => text.startsWith('['));
  if (line === undefined) throw new Error('pm2 jlist printed no list');
  return (JSON.parse(line) as RawApp[]).map(({ name, pid, pm_id, pm2_env }) => ({
    name,
    pid: pid || undefined,
    status: pm2_env.status,
    pmId: pm_id,
    cwd: pm2_env.pm_cwd,
  }));
}
