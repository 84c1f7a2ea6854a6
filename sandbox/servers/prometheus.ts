import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { executablesOnPath } from '../tools/path-lookup.ts';
import { endProcess } from '../workspace/end-process.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { startProcess } from './start-process.ts';
import { waitUntilReady } from './wait-until.ts';

export interface PrometheusOptions {
  readonly workspace: Pick<Workspace, 'root' | 'freePort' | 'registerProcess'>;
  /** What findPrometheus() has found. */
  readonly program: string;
  /** Address whose /metrics it reads. */
  readonly scrapes: string;
}

export interface Prometheus extends AsyncDisposable {
  readonly url: string;
}

/** The program, or why there is none here. */
export function findPrometheus(): { readonly program: string } | { readonly absent: string } {
  const [program] = executablesOnPath('prometheus', process.env.PATH);
  return program ? { program } : { absent: 'prometheus is not installed (Debian package prometheus)' };
}

/** A real Prometheus that scrapes twice a second. */
export async function startPrometheus({ workspace, program, scrapes }: PrometheusOptions): Promise<Prometheus> {
  const port = await workspace.freePort();
  const folder = join(workspace.root, `prometheus-${port}`);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const configuration = {
    global: { scrape_interval: '500ms', scrape_timeout: '500ms' },
    scrape_configs: [{ job_name: 'cafe', static_configs: [{ targets: [new URL(scrapes).host] }] }],
  };
  const file = join(folder, 'prometheus.yml');
  await writeFile(file, stringify(configuration));
  const running = await startProcess({
    workspace,
    what: 'prometheus',
    command: program,
    args: [
      `--config.file=${file}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
    ],
    cwd: folder,
    environment: { PATH: '/usr/bin:/bin' },
    logFile: join(folder, 'output.log'),
  });
  const url = `http://127.0.0.1:${port}`;
  await waitUntilReady(running, () => isReady(url));
  return { url, [Symbol.asyncDispose]: () => endProcess(running) };
}

const isReady = (url: string): Promise<boolean> =>
  fetch(`${url}/-/ready`).then(
    ({ ok }) => ok,
    () => false,
  );
