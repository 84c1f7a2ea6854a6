import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { endProcess } from '../workspace/end-process.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { createSlackControl, type SlackControl } from './slack/control.ts';
import { openViews, type SlackView, type Submitted, submitView } from './slack/page.ts';
import { createSlackSite, type SlackSite, standInConfiguration } from './slack/site.ts';
import { startProcess } from './start-process.ts';
import { waitUntilReady } from './wait-until.ts';

export { findSlack } from './slack/find-slack.ts';

export interface SlackOptions {
  readonly workspace: Pick<Workspace, 'root' | 'freePort' | 'registerProcess'>;
  /** What findSlack() has found. */
  readonly program: string;
  /** Clicks go there as signed HTTP requests; absent: over Socket Mode. */
  readonly requestUrl?: string;
}

/** A workspace of Slack with one application in it. Everything is kept in memory: it is empty after a restart. */
export interface Slack extends SlackSite, SlackControl, AsyncDisposable {
  readonly url: string;
  /** For WebClient's slackApiUrl. */
  readonly apiUrl: string;
  /** For a person's browser: they choose who they are, see the channel and press its buttons. */
  readonly pageUrl: string;
  readonly pid: number;
  openViews(): Promise<readonly SlackView[]>;
  /** Fills in the topmost form: values by block and action. */
  submitView(form: {
    readonly user: string;
    readonly values: Readonly<Record<string, Readonly<Record<string, string>>>>;
  }): Promise<Submitted>;
  stop(): Promise<void>;
}

/**
 * The stand-in listens on all interfaces, without a way to ask for less, accepts any token, has no rate limits, validates no block and
 * knows neither user groups nor metadata: for tests and demonstrations only.
 */
export async function startSlack({ workspace, program, requestUrl }: SlackOptions): Promise<Slack> {
  const port = await workspace.freePort();
  const site = createSlackSite();
  const folder = join(workspace.root, `slack-${port}`);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await writeFile(join(folder, 'config.json'), standInConfiguration(site, requestUrl), { mode: 0o600 });
  const running = await startProcess({
    workspace,
    what: 'slack stand-in',
    command: program,
    args: ['--config', 'config.json', '--port', String(port), '--base-host', '127.0.0.1', '--files-dir', 'files'],
    cwd: folder,
    environment: { PATH: '/usr/bin:/bin', TMPDIR: folder },
    logFile: join(folder, 'output.log'),
  });
  const url = `http://127.0.0.1:${port}`;
  await waitUntilReady(running, () => answers(url));
  const stop = () => endProcess(running);
  return {
    ...site,
    ...createSlackControl(url, site.channel),
    url,
    apiUrl: `${url}/api/`,
    pageUrl: url,
    pid: running.pid,
    openViews: () => openViews(url),
    submitView: ({ user, values }) => submitView(url, user, values),
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

async function answers(url: string): Promise<boolean> {
  return await fetch(`${url}/_control/state`).then(
    ({ ok }) => ok,
    () => false,
  );
}
