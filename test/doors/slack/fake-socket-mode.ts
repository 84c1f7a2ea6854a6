import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/** One socket as Slack's end sees it. */
export interface FakeSocket {
  readonly open: boolean;
  /** Ids of the envelopes that were acknowledged. */
  readonly acknowledged: readonly string[];
  say(message: unknown): void;
  /** A frame of text that is not JSON, or one of bytes. */
  sayRaw(bytes: Buffer, kind: 'text' | 'binary'): void;
  /** Resolves when the other end has read everything that was said to it. */
  heard(): Promise<void>;
  end(): void;
}

/** Slack's end of Socket Mode, as exactly as a test needs it: what it says and when is the test's. */
export interface FakeSocketMode extends AsyncDisposable {
  readonly apiUrl: string;
  /** When it was asked for a connection; by the clock of the test where there is one. */
  readonly asked: readonly number[];
  readonly sockets: readonly FakeSocket[];
}

interface FakeSocketModeOptions {
  /** How it answers being asked for a connection; absent: at once, with one. */
  readonly answer?: (response: ServerResponse, url: string) => void;
  /** What it says to a new socket; `undefined`: nothing. */
  readonly hello?: () => object | undefined;
  readonly now?: () => number;
}

const standard = (response: ServerResponse, url: string): void => {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ ok: true, url }));
};

export async function startFakeSocketMode({
  answer = standard,
  hello = () => ({ type: 'hello', num_connections: 1 }),
  now = Date.now,
}: FakeSocketModeOptions = {}): Promise<FakeSocketMode> {
  const asked: number[] = [];
  const sockets: FakeSocket[] = [];
  const server = createServer((request, response) => {
    request.resume();
    asked.push(now());
    answer(response, `ws://127.0.0.1:${port}/link`);
  });
  server.on('upgrade', (request: IncomingMessage, socket: Socket) => {
    const accepted = acceptSocket(request, socket);
    sockets.push(accepted);
    const said = hello();
    if (said) accepted.say(said);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    apiUrl: `http://127.0.0.1:${port}/api/`,
    asked,
    sockets,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.end();
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

const magic = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
const text = 0x1;
const binary = 0x2;
const close = 0x8;
const ping = 0x9;
const pong = 0xa;

function acceptSocket(request: IncomingMessage, socket: Socket): FakeSocket {
  const key = createHash('sha1').update(`${request.headers['sec-websocket-key']}${magic}`).digest('base64');
  const lines = ['HTTP/1.1 101 Switching Protocols', 'Upgrade: websocket', 'Connection: Upgrade'];
  socket.write(`${[...lines, `Sec-WebSocket-Accept: ${key}`].join('\r\n')}\r\n\r\n`);
  const acknowledged: string[] = [];
  const pinged: (() => void)[] = [];
  let open = true;
  let rest = Buffer.alloc(0);
  socket.on('data', (part: Buffer) => {
    rest = Buffer.concat([rest, part]);
    for (let frame = frameIn(rest); frame; frame = frameIn(rest)) {
      rest = rest.subarray(frame.size);
      if (frame.opcode === text) acknowledged.push(JSON.parse(frame.payload.toString()).envelope_id);
      if (frame.opcode === pong) pinged.shift()?.();
      if (frame.opcode === close) socket.end(frameOf(close, frame.payload));
    }
  });
  socket.on('error', () => {});
  socket.once('close', () => {
    open = false;
  });
  return {
    get open() {
      return open;
    },
    acknowledged,
    say: (message) => void socket.write(frameOf(text, Buffer.from(JSON.stringify(message)))),
    sayRaw: (bytes, kind) => void socket.write(frameOf(kind === 'text' ? text : binary, bytes)),
    // Answered in the order in which it was sent.
    heard: () =>
      new Promise((resolve) => {
        pinged.push(resolve);
        socket.write(frameOf(ping, Buffer.alloc(0)));
      }),
    end: () => void socket.destroy(),
  };
}

function frameOf(opcode: number, payload: Buffer): Buffer {
  const short = payload.length < 126;
  const head = short
    ? [0x80 | opcode, payload.length]
    : [0x80 | opcode, 126, payload.length >> 8, payload.length & 255];
  return Buffer.concat([Buffer.from(head), payload]);
}

/** The first whole frame, unmasked. */
function frameIn(bytes: Buffer): { opcode: number; payload: Buffer; size: number } | undefined {
  if (bytes.length < 6) return undefined;
  const short = (bytes[1] ?? 0) & 0x7f;
  const start = short === 126 ? 4 : 2;
  const length = short === 126 ? bytes.readUInt16BE(2) : short;
  const size = start + 4 + length;
  if (bytes.length < size) return undefined;
  const mask = bytes.subarray(start, start + 4);
  const payload = Buffer.from(bytes.subarray(start + 4, size).map((byte, index) => byte ^ (mask[index % 4] ?? 0)));
  return { opcode: (bytes[0] ?? 0) & 0xf, payload, size };
}
