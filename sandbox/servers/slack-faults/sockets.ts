import type { IncomingMessage } from 'node:http';
import { connect, type Socket } from 'node:net';

/** Passes web sockets on as they are, and cuts them when told to. */
export interface SocketRelay {
  readonly open: number;
  /** How many clicks have been passed on to the application, read by it or not. */
  readonly clicks: number;
  relay(request: IncomingMessage, client: Socket, head: Buffer): void;
  cut(): void;
}

export function createSocketRelay(upstream: URL): SocketRelay {
  const open = new Set<() => void>();
  let clicks = 0;
  return {
    get clicks() {
      return clicks;
    },
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
      const countClicks = clickCounter((found) => {
        clicks += found;
      });
      server.on('data', countClicks);
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

const mark = '"type":"interactive"';

/** What the server says is not masked. A mark may come in two pieces. */
function clickCounter(onClicks: (found: number) => void): (part: Buffer) => void {
  let rest = '';
  return (part) => {
    const pieces = `${rest}${part.toString('latin1')}`.split(mark);
    onClicks(pieces.length - 1);
    rest = pieces.at(-1)?.slice(-(mark.length - 1)) ?? '';
  };
}
