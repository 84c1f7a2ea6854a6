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
  const line = {
    time: Date.now() / 1_000,
    method: request.method,
    path: pathOf(request),
    status,
    duration: Math.round(performance.now() - startedAt) / 1_000,
    upstream: upstream?.address ?? '',
    upstreamStatus: String(upstream?.status ?? ''),
    agent: request.headers['user-agent'] ?? '',
    tenant: String(request.headers['x-tenant-slug'] ?? ''),
  };
  appendFileSync(file, `${JSON.stringify(line)}\n`);
}

/** Without the query, as our log format has it. */
export function pathOf(request: IncomingMessage): string {
  return (request.url ?? '/').split('?')[0] ?? '/';
}
