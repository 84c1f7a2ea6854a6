import type { Tool } from '../tools/tool.ts';
import type { Balancer, BalancerOptions } from './balancer-files.ts';
import { startNginx } from './nginx.ts';
import { startProxy } from './proxy.ts';

export type { Balancer, BalancerOptions } from './balancer-files.ts';

/** What stands in front of the application: nginx where there is one, else the sandbox's own proxy with the same files and command line. */
export async function startBalancer(
  options: BalancerOptions & { readonly nginx: Tool | undefined },
): Promise<Balancer> {
  const { nginx } = options;
  return nginx === undefined ? startProxy(options) : startNginx({ ...options, tool: nginx });
}
