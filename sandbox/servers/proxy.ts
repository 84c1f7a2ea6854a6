import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Balancer, type BalancerOptions, prepareBalancer, runningBalancer } from './balancer-files.ts';
import type { BalancerSettings } from './nginx-configuration.ts';
import { writeProxySettings } from './proxy/settings.ts';
import { startProcess } from './start-process.ts';

/** The sandbox's own proxy: where nginx is missing, it is addressed in the same way and does the same with the same files. */
export async function startProxy(options: BalancerOptions): Promise<Balancer> {
  const prepared = await prepareBalancer(options);
  const { prefix, port, outputLog } = prepared;
  const settings: BalancerSettings = { port, appPort: options.appPort, proxyHealth: options.proxyHealth };
  writeProxySettings(prefix, settings);
  const command = await writeCommand(join(prefix, 'bin'));
  const running = await startProcess({
    workspace: options.workspace,
    what: 'proxy',
    command: process.execPath,
    args: [join(import.meta.dirname, 'proxy', 'main.ts'), prefix],
    cwd: prefix,
    environment: { PATH: '/usr/bin:/bin' },
    logFile: outputLog,
  });
  return runningBalancer(prepared, running, { kind: 'proxy', command });
}

/** A program file, because whoever drives the balancer knows neither our Node nor TypeScript. */
async function writeCommand(folder: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  const command = join(folder, 'nginx-like');
  const script = join(import.meta.dirname, 'proxy', 'nginx-like.ts');
  await writeFile(command, `#!/bin/sh\nexec '${process.execPath}' '${script}' "$@"\n`, { mode: 0o755 });
  return command;
}
