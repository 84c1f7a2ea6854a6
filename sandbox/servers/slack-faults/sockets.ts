import type { IncomingMessage } from 'node:http';
import { connect, type Socket } from 'node:net';

/** Passes web sockets on as they are, and cuts them when told to. */
export interface SocketRelay {
  readonly open: number;
  relay(request: IncomingMessage, client: Socket, head: Buffer): void;
  cut(): void;
}

export function createSocketRelay(upstream: URL): SocketRelay {
  const open = new Set<() => void>();
  return {
    get open() {
      return open.size;
    },
    relay(request, client, head) {
      const server = connect(Number(upstream.port), upstream.hostname);
      const end = (): void => {
        open.delete(end);
        client.destroy();
        server.destroy();
      };
      open.add(end);
      for (const socket of [client, server]) socket.once('close', end).once('error', end);
      server.write(headOf(request));
      server.write(head);
      server.pipe(client);
      client.pipe(server);
    },
    cut() {
      for (const end of [...open]) end();
    },
  };
}

function headOf({ method, url, rawHeaders }: IncomingMessage): string {
  const lines = [`${method} ${url} HTTP/1.1`];
  for (let at = 0; at < rawHeaders.length; at += 2) lines.push(`${rawHeaders[at]}: ${rawHeaders[at + 1]}`);
  return `${lines.join('\r\n')}\r\n\r\n`;
}
