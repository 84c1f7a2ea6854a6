import { existsSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { pathOf } from './access-log.ts';

/** As deploy/nginx/rollbackd-maintenance.conf has it. True where it has answered. */
export function answeredBySwitch(request: IncomingMessage, response: ServerResponse, maintenanceFile: string): boolean {
  const asked = String(request.headers['x-rollbackd-ask'] ?? '');
  if (existsSync(maintenanceFile)) {
    say(response, 503, { 'x-rollbackd-maintenance': `shown ${asked}` });
    return true;
  }
  if (pathOf(request) !== '/.rollbackd/switch') return false;
  const status = existsSync(`${maintenanceFile}.trial`) ? 503 : 200;
  say(response, status, { 'x-rollbackd-switch': `asked ${asked}` });
  return true;
}

function say(response: ServerResponse, status: number, headers: Readonly<Record<string, string>>): void {
  response.writeHead(status, { ...headers, 'content-type': 'text/plain' }).end(`${status}\n`);
}
