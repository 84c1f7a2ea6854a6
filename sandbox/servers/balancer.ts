import type { Tool } from '../tools/tool.ts';
import type { Workspace } from '../workspace/workspace.ts';

export interface BalancerOptions {
  readonly workspace: Workspace;
  readonly appPort: number;
  /** False: `/health` never reaches the application, the balancer answers index.html with 200. */
  readonly proxyHealth: boolean;
}

/** What stands in front of the application: nginx, or the sandbox's own proxy with the same files and the same command line. */
export interface Balancer extends AsyncDisposable {
  readonly kind: 'nginx' | 'proxy';
  readonly url: string;
  readonly port: number;
  /** The program that understands `-p PREFIX -c conf/nginx.conf -e logs/error.log` with `-t` and `-s reload`. */
  readonly command: string;
  readonly prefix: string;
  readonly configFile: string;
  /** Empty, or `return 503;`: takes effect at the next reload. */
  readonly maintenanceFile: string;
  readonly accessLog: string;
  readonly pid: number;
  stop(): Promise<void>;
}

/** nginx where there is one, else the proxy. */
export async function startBalancer(
  _options: BalancerOptions & { readonly nginx: Tool | undefined },
): Promise<Balancer> {
  throw new Error('not there yet');
}
