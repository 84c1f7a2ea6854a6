import { once } from 'node:events';
import { createServer } from 'node:net';

/** Below the range from which the kernel takes ports for outgoing connections: a port found free stays free until its server starts. */
const FIRST_PORT = 20_000;
const PORT_COUNT = 12_000;
const MOST_TRIES = 200;

export function createPortDispenser(): () => Promise<number> {
  const handedOut = new Set<number>();
  return async () => {
    for (let tries = 0; tries < MOST_TRIES; tries++) {
      const port = FIRST_PORT + Math.floor(Math.random() * PORT_COUNT);
      if (handedOut.has(port) || !(await isFree(port))) continue;
      handedOut.add(port);
      return port;
    }
    throw new Error(`no free port found between ${FIRST_PORT} and ${FIRST_PORT + PORT_COUNT}`);
  };
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  try {
    server.listen({ port, host: '127.0.0.1', exclusive: true });
    await once(server, 'listening');
  } catch {
    return false;
  }
  server.close();
  await once(server, 'close');
  return true;
}
