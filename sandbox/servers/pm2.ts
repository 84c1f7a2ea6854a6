import type { Tool } from '../tools/tool.ts';
import type { Workspace } from '../workspace/workspace.ts';

export interface Pm2Options {
  readonly workspace: Workspace;
  readonly tool: Tool;
  readonly node: Tool;
}

/** What may be known of an app: never its environment, which holds secrets. */
export interface Pm2App {
  readonly name: string;
  readonly pid: number | undefined;
  readonly status: string;
  readonly pmId: number;
  readonly cwd: string;
}

/** pm2 with a home of its own under the target's Node. */
export interface Pm2 extends AsyncDisposable {
  /** PM2_HOME. */
  readonly home: string;
  /** What pm2 and its apps get besides the given: PATH (the target's node first), HOME, PM2_HOME. */
  readonly environment: Readonly<Record<string, string>>;
  start(ecosystemFile: string, env?: Readonly<Record<string, string>>): Promise<void>;
  list(): Promise<readonly Pm2App[]>;
  daemonPid(): number | undefined;
  /** Deletes every app, ends pm2's daemon and waits until all of them are gone. */
  stop(): Promise<void>;
}

export function privatePm2(_options: Pm2Options): Pm2 {
  throw new Error('not there yet');
}
