import type { Tool } from '../tools/tool.ts';
import { type Balancer, type BalancerOptions, prepareBalancer, runningBalancer } from './balancer-files.ts';
import { startProcess } from './start-process.ts';

/** A real nginx with a private prefix. It stays in the foreground: its master is the process that we started. */
export async function startNginx(options: BalancerOptions & { readonly tool: Tool }): Promise<Balancer> {
  const prepared = await prepareBalancer(options);
  const { prefix, outputLog } = prepared;
  const start = () =>
    startProcess({
      workspace: options.workspace,
      what: 'nginx',
      command: options.tool.path,
      args: ['-p', prefix, '-c', 'conf/nginx.conf', '-e', 'logs/error.log', '-g', 'daemon off;'],
      cwd: prefix,
      environment: { PATH: '/usr/sbin:/usr/bin:/bin' },
      logFile: outputLog,
    });
  return runningBalancer(prepared, start, 'nginx');
}
