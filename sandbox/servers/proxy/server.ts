import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type BalancerSettings, INDEX_HTML } from '../nginx-configuration.ts';
import { appendAccessLog, pathOf } from './access-log.ts';
import { forward } from './forward.ts';
import { answeredBySwitch } from './switch.ts';

export interface ProxyOptions extends BalancerSettings {
  readonly accessLog: string;
  readonly maintenanceFile: string;
}

export function createProxy(options: ProxyOptions): Server {
  return createServer((request, response) => {
    const startedAt = performance.now();
    const answeredByApp = handle(request, response, options);
    response.on('close', () => {
      // As nginx has it: 499 where the client left before there was an answer.
      const answered = response.headersSent ? response.statusCode : undefined;
      const upstream = answeredByApp ? { upstream: { address: `127.0.0.1:${options.appPort}`, status: answered } } : {};
      appendAccessLog(options.accessLog, { request, startedAt, status: answered ?? 499, ...upstream });
    });
  });
}

/** True where the request went to the application. */
function handle(request: IncomingMessage, response: ServerResponse, options: ProxyOptions): boolean {
  if (answeredBySwitch(request, response, options.maintenanceFile)) return false;
  if (!options.proxyHealth && pathOf(request) === '/health') {
    response.writeHead(200, { 'content-type': 'text/html' }).end(INDEX_HTML);
    return false;
  }
  forward(request, response, options.appPort);
  return true;
}
