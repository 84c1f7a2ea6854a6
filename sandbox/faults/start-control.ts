import { rename, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Mongod } from '../servers/mongod.ts';
import { type FaultDetails, type FaultName, faultNames } from './fault.ts';

export interface FaultControl extends AsyncDisposable {
  readonly url: string;
  /** What was switched on last; a `transient` that has ended is still told. */
  current(): FaultName;
  switchFault(name: FaultName, details?: FaultDetails): Promise<void>;
}

export interface FaultControlOptions {
  readonly port: number;
  readonly faultsFile: string;
  readonly firstTenant: string;
  readonly database: Pick<Mongod, 'stop' | 'restart'>;
}

interface Wanted extends FaultDetails {
  readonly name: FaultName;
}

const MOST_BYTES = 1_000;
const LASTS_MS = 5_000;
const isFault = (name: unknown): name is FaultName => faultNames.some((known) => known === name);

/** POST /fault {"name": ..., "tenant"?: ..., "lasts"?: ...}: writes the file that the unified application reads at every request. */
export async function startFaultControl(options: FaultControlOptions): Promise<FaultControl> {
  const { port, faultsFile, firstTenant, database } = options;
  let current: FaultName = 'none';
  const change = async (name: FaultName, { tenant = firstTenant, lasts = LASTS_MS }: FaultDetails): Promise<void> => {
    // Renamed into place: a worker must never read half a file.
    await writeFile(`${faultsFile}.new`, JSON.stringify({ name, since: new Date(), tenant, lasts }));
    await rename(`${faultsFile}.new`, faultsFile);
    // Ended in good order: what was acknowledged must be there when somebody compares afterwards.
    if (name === 'dbdown') await database.stop();
    else if (current === 'dbdown') await database.restart();
    current = name;
  };
  let last = Promise.resolve();
  /** One after the other: the database must not be started while it is being stopped. */
  const switchFault = (name: FaultName, details: FaultDetails = {}): Promise<void> => {
    last = last.catch(() => {}).then(() => change(name, details));
    return last;
  };
  await switchFault('none');
  const server = createServer((request, response) => {
    answer(request, ({ name, ...details }) => switchFault(name, details))
      .then((status) => reply(response, status, { name: current, faults: faultNames }))
      .catch((error: unknown) => reply(response, 500, { error: String(error) }));
  });
  await listen(server, port);
  return {
    url: `http://127.0.0.1:${port}`,
    current: () => current,
    switchFault,
    [Symbol.asyncDispose]: () => close(server),
  };
}

async function answer(request: IncomingMessage, change: (wanted: Wanted) => Promise<void>): Promise<number> {
  if (request.url !== '/fault') return 404;
  if (request.method === 'GET') return 200;
  if (request.method !== 'POST') return 405;
  const wanted = wantedIn(await readBody(request));
  if (wanted === undefined) return 400;
  await change(wanted);
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

function wantedIn(body: string): Wanted | undefined {
  try {
    const { name, tenant, lasts } = JSON.parse(body) as Record<string, unknown>;
    if (!isFault(name)) return undefined;
    return { name, ...(typeof tenant === 'string' && { tenant }), ...(typeof lasts === 'number' && { lasts }) };
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
