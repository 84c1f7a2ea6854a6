import type { RequestListener } from 'node:http';
import { Writable } from 'node:stream';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { Secret } from '../../src/core/secret.ts';
import type { QueuedMessage } from '../../src/incident/daemon-state.ts';
import type { Channel, Delivery } from '../../src/notify/channel.ts';
import { logChannel } from '../../src/notify/channels/log.ts';
import { webhookChannel } from '../../src/notify/channels/webhook.ts';
import { closedPort, serve } from '../probes/server.ts';

const forever = new AbortController().signal;
const token = 'Bearer s3cr3t-token';

const message: QueuedMessage = {
  message: 'inc-1/r1.decided',
  subject: 'a leak',
  text: 'one café sees the menu of another',
  urgency: 'alarmed',
  queuedAt: Date.parse('2026-01-10T03:00:00Z'),
  deliveredTo: [],
  undeliverable: [],
};

const channelAt = (url: string, timeout = 2_000): Channel =>
  webhookChannel({ url, timeout, authorization: new Secret(token) });

async function deliver(answer: RequestListener, timeout?: number): Promise<Delivery> {
  await using server = await serve(answer);
  return await channelAt(server.url, timeout).deliver(message, forever);
}

const status =
  (code: number): RequestListener =>
  (_request, response) =>
    void response.writeHead(code, { location: '/elsewhere' }).end('words');

describe('the webhook', () => {
  it('posts the message as JSON with its id, and shows its authorisation to the receiver alone', async () => {
    const seen: string[] = [];
    const outcome = await deliver((request, response) => {
      seen.push(`${request.method}`, `${request.headers.authorization}`);
      request.on('data', (part: Buffer) => seen.push(`${part}`));
      request.on('end', () => response.writeHead(204).end());
    });
    const { text, subject, urgency } = message;
    const body = { message: 'inc-1/r1.decided', subject, text, urgency, at: '2026-01-10T03:00:00.000Z' };
    expect(seen).toEqual(['POST', token, JSON.stringify(body)]);
    expect(outcome).toEqual({ outcome: 'delivered' });
  });

  it.each([200, 201, 202, 204])('takes %i for delivered', async (code) => {
    expect(await deliver(status(code))).toEqual({ outcome: 'delivered' });
  });

  it.each([302, 401, 403, 404, 408, 410, 429, 500, 502, 503])('will try again after %i', async (code) => {
    expect(await deliver(status(code))).toEqual({ outcome: 'failed', reason: `status ${code}` });
  });

  it.each([400, 413, 415, 422])('is refused for good by %i', async (code) => {
    expect(await deliver(status(code))).toEqual({ outcome: 'refused', reason: `status ${code}` });
  });

  it('gives up within its own time on a receiver that hangs', async () => {
    const started = performance.now();
    expect(await deliver(() => {}, 150)).toMatchObject({ outcome: 'failed' });
    expect(performance.now() - started).toBeLessThan(1_500);
  });

  it('fails, and does not throw, where nobody listens or the connection is cut', async () => {
    const url = `http://127.0.0.1:${await closedPort()}`;
    expect(await channelAt(url).deliver(message, forever)).toMatchObject({ outcome: 'failed' });
    expect(await deliver((request) => void request.socket.destroy())).toMatchObject({ outcome: 'failed' });
  });

  it('goes by the status, and reads no endless answer', async () => {
    const endless: RequestListener = (_request, response) => {
      const pour = () => {
        while (response.write('x'.repeat(65_536)));
        response.once('drain', pour);
      };
      response.writeHead(200);
      pour();
    };
    const started = performance.now();
    expect(await deliver(endless, 10_000)).toEqual({ outcome: 'delivered' });
    expect(performance.now() - started).toBeLessThan(5_000);
  });

  it('says nothing of its authorisation in whatever it gives back', async () => {
    const url = `http://127.0.0.1:${await closedPort()}`;
    const outcomes = [
      await channelAt(url).deliver(message, forever),
      await deliver(status(400)),
      await deliver(() => {}, 100),
      await deliver((request) => void request.socket.destroy()),
    ];
    expect(JSON.stringify(outcomes)).not.toContain('s3cr3t');
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(['failed', 'refused', 'failed', 'failed']);
  });
});

describe('the log as a channel', () => {
  it.each([
    ['told', 30],
    ['asked', 40],
    ['alarmed', 50],
  ] as const)('writes what is %s with level %i', async (urgency, level) => {
    const lines: string[] = [];
    const sink = new Writable({
      write(chunk, _encoding, done) {
        lines.push(String(chunk));
        done();
      },
    });
    expect(await logChannel(pino(sink)).deliver({ ...message, urgency }, forever)).toEqual({ outcome: 'delivered' });
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ level, msg: 'a leak', text: message.text, urgency });
  });
});
