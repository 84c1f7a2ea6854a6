import { appendFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';

export interface Answered {
  readonly request: IncomingMessage;
  readonly startedAt: number;
  readonly status: number;
  /** Absent where the proxy answered by itself; its status is absent where the client left first. */
  readonly upstream?: { readonly address: string; readonly status: number | undefined };
}

/** One line a request, as nginx writes it by the log_format of nginx.conf. */
export function appendAccessLog(file: string, { request, startedAt, status, upstream }: Answered): void {
  const now = Date.now();
  const line = {
    time: `${new Date(now).toISOString().slice(0, 19)}+00:00`,
    msec: now / 1_000,
    method: request.method,
    uri: pathOf(request),
    status,
    request_time: Math.round(performance.now() - startedAt) / 1_000,
    upstream_addr: upstream?.address ?? '',
    upstream_status: String(upstream?.status ?? ''),
    tenant: String(request.headers['x-tenant-slug'] ?? ''),
    user_agent: request.headers['user-agent'] ?? '',
  };
  appendFileSync(file, `${JSON.stringify(line)}\n`);
}

/** Without the query, as nginx's $uri. */
export function pathOf(request: IncomingMessage): string {
  return (request.url ?? '/').split('?')[0] ?? '/';
}
