import { rename, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type FaultName, faultNames } from './fault.ts';

export interface FaultControl extends AsyncDisposable {
  readonly url: string;
  current(): FaultName;
  switchFault(name: FaultName): Promise<void>;
}

const MOST_BYTES = 1_000;
const isFault = (name: unknown): name is FaultName => faultNames.some((known) => known === name);

/** POST /fault {"name": ...}: writes the file that the unified application reads at every request. */
export async function startFaultControl(options: {
  readonly port: number;
  readonly faultsFile: string;
}): Promise<FaultControl> {
  let current: FaultName = 'none';
  const switchFault = async (name: FaultName): Promise<void> => {
    // Renamed into place: a worker must never read half a file.
    await writeFile(`${options.faultsFile}.new`, JSON.stringify({ name, since: new Date() }));
    await rename(`${options.faultsFile}.new`, options.faultsFile);
    current = name;
  };
  await switchFault('none');
  const server = createServer((request, response) => {
    answer(request, switchFault)
      .then((status) => reply(response, status, { name: current, faults: faultNames }))
      .catch((error: unknown) => reply(response, 500, { error: String(error) }));
  });
  await listen(server, options.port);
  return {
    url: `http://127.0.0.1:${options.port}`,
    current: () => current,
    switchFault,
    [Symbol.asyncDispose]: () => close(server),
  };
}

async function answer(request: IncomingMessage, switchFault: (name: FaultName) => Promise<void>): Promise<number> {
  if (request.url !== '/fault') return 404;
  if (request.method === 'GET') return 200;
  if (request.method !== 'POST') return 405;
  const name = nameIn(await readBody(request));
  if (!isFault(name)) return 400;
  await switchFault(name);
  return 200;
}

async function readBody(request: IncomingMessage): Promise<string> {
  let body = '';
  for await (const chunk of request) {
    body += String(chunk);
    if (body.length > MOST_BYTES) return '';
  }
  return body;
}

function nameIn(body: string): unknown {
  try {
    return (JSON.parse(body) as { name?: unknown }).name;
  } catch {
    return undefined;
  }
}

function reply(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(`${JSON.stringify(body)}\n`);
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
}

function close(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}
