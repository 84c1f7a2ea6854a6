import type { AccessLogConfig } from '../../../src/adapters/traffic/schema.ts';
import type { Answer } from './application.ts';

/** `proxy_read_timeout` */
const readTimeout = 60_000;
export const upstream = '127.0.0.1:5001';

export interface Logged {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly takes: number;
  readonly agent: string;
  readonly tenant: string;
  /** `-` where the balancer answered by itself. */
  readonly upstream: string;
}

/** What the client gets through the balancer: a client that loses patience is status 499. */
export function throughBalancer(
  answer: Answer | undefined,
  patience: number,
): Pick<Logged, 'status' | 'takes' | 'upstream'> {
  if (answer === undefined) return { status: 502, takes: 1, upstream };
  const limit = Math.min(patience, readTimeout);
  if (answer.takes !== 'never' && answer.takes < limit) return { status: answer.status, takes: answer.takes, upstream };
  return { status: patience < readTimeout ? 499 : 504, takes: limit, upstream };
}

const seconds = (ms: number): string => (ms / 1_000).toFixed(3);

/** A request that was over at `over`, as nginx writes it down. */
export function lineOf(format: AccessLogConfig['format'], logged: Logged, over: number): string {
  return format === 'json' ? jsonLine(logged, over) : combinedLine(logged, over);
}

function jsonLine({ method, path, status, takes, agent, tenant, upstream }: Logged, over: number): string {
  const upstreamStatus = upstream === '-' ? '' : String(status === 499 ? '-' : status);
  return `{"time":${seconds(over)},"method":"${method}","path":"${path}","status":${status},"duration":${seconds(takes)},"upstream":"${upstream === '-' ? '' : upstream}","upstreamStatus":"${upstreamStatus}","agent":"${agent}","tenant":"${tenant}"}`;
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

function combinedLine({ method, path, status, takes, agent }: Logged, over: number): string {
  const iso = new Date(over).toISOString();
  const day = `${iso.slice(8, 10)}/${months[Number(iso.slice(5, 7)) - 1]}/${iso.slice(0, 4)}`;
  return `10.0.0.7 - - [${day}:${iso.slice(11, 19)} +0000] "${method} ${path} HTTP/1.1" ${status} 512 "-" "${agent}" ${seconds(takes)}`;
}
