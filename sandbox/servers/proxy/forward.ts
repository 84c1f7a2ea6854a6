import { type IncomingMessage, type OutgoingHttpHeaders, request as openRequest, type ServerResponse } from 'node:http';

const READ_TIMEOUT_MS = 60_000;
const HOP_BY_HOP = ['connection', 'keep-alive', 'transfer-encoding', 'upgrade', 'proxy-connection', 'te', 'trailer'];

/** Passes a request on and its answer back; 502 where the application cannot be reached, 504 where it says nothing. */
export function forward(incoming: IncomingMessage, response: ServerResponse, appPort: number): void {
  const outgoing = openRequest({
    host: '127.0.0.1',
    port: appPort,
    method: incoming.method,
    path: incoming.url,
    headers: { ...passedOn(incoming), ...bodyFraming(incoming), connection: 'close' },
    agent: false,
    timeout: READ_TIMEOUT_MS,
  });
  outgoing.on('response', (answer) => {
    response.writeHead(answer.statusCode ?? 502, passedOn(answer));
    answer.pipe(response);
    answer.on('error', () => response.destroy());
  });
  outgoing.on('timeout', () => outgoing.destroy(Object.assign(new Error('silent'), { status: 504 })));
  outgoing.on('error', (error) => fail(response, (error as { status?: number }).status ?? 502));
  response.on('close', () => outgoing.destroy());
  incoming.pipe(outgoing);
}

function fail(response: ServerResponse, status: number): void {
  if (response.headersSent) response.destroy();
  else response.writeHead(status, { 'content-type': 'text/html' }).end(`<h1>${status}</h1>`);
}

function passedOn({ headers }: IncomingMessage): OutgoingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !HOP_BY_HOP.includes(name)));
}

function bodyFraming({ headers }: IncomingMessage): OutgoingHttpHeaders {
  return headers['transfer-encoding'] === undefined ? {} : { 'transfer-encoding': 'chunked' };
}
