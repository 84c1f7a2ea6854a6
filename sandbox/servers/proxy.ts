import { join } from 'node:path';
import { type Balancer, type BalancerOptions, prepareBalancer, runningBalancer } from './balancer-files.ts';
import type { BalancerSettings } from './nginx-configuration.ts';
import { writeProxySettings } from './proxy/settings.ts';
import { startProcess } from './start-process.ts';

/** The sandbox's own proxy: where nginx is missing, it does the same with the same files. */
export async function startProxy(options: BalancerOptions): Promise<Balancer> {
  const prepared = await prepareBalancer(options);
  const { prefix, port, outputLog } = prepared;
  const settings: BalancerSettings = { port, appPort: options.appPort, proxyHealth: options.proxyHealth };
  writeProxySettings(prefix, settings);
  const start = () =>
    startProcess({
      workspace: options.workspace,
      what: 'proxy',
      command: process.execPath,
      args: [join(import.meta.dirname, 'proxy', 'main.ts'), prefix],
      cwd: prefix,
      environment: { PATH: '/usr/bin:/bin' },
      logFile: outputLog,
    });
  return runningBalancer(prepared, start, 'proxy');
}
