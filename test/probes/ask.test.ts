import dns from 'node:dns';
import type { RequestListener } from 'node:http';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { askHttp, describeAnswer, judgeReply, type Question, type Reply } from '../../src/probes/ask.ts';
import { closedPort, serve } from './server.ts';

const forever = new AbortController().signal;
const expected = { expectStatus: [200], expectJson: {} };

async function askOf(answer: RequestListener, question: Partial<Question> = {}): Promise<Reply> {
  await using server = await serve(answer);
  return await askHttp({ baseUrl: server.url, path: '/health', timeoutMs: 2_000, ...question }, forever);
}

const says =
  (status: number, body: string, headers: Record<string, string> = {}): RequestListener =>
  (_request, response) => {
    response.writeHead(status, headers).end(body);
  };

describe('asking over HTTP', () => {
  it.each([200, 201, 301, 400, 404, 429, 500, 503])('takes status %i as an answer', async (status) => {
    expect(await askOf(says(status, 'words', { location: '/elsewhere' }))).toMatchObject({ answered: true, status });
  });

  it('reads JSON, and leaves what is none as text', async () => {
    expect(await askOf(says(200, '{"a":1}'))).toMatchObject({ body: { a: 1 } });
    expect(await askOf(says(200, '<html>'))).toMatchObject({ body: '<html>' });
  });

  it('says who asks, follows no redirect and keeps no connection', async () => {
    const seen: unknown[] = [];
    await askOf(
      (request, response) => {
        seen.push(request.url, request.headers['user-agent'], request.headers.connection, request.headers['x-tenant']);
        response.writeHead(302, { location: '/health?again' }).end();
      },
      { headers: { 'x-tenant': 'negoes' } },
    );
    expect(seen).toEqual(['/health', 'rollbackd', 'close', 'negoes']);
  });

  it('says who asks whatever headers are configured, in whatever case', async () => {
    const seen: unknown[] = [];
    await askOf(
      (request, response) => {
        seen.push(request.headersDistinct['user-agent'], request.headersDistinct.connection);
        response.end();
      },
      { headers: { 'User-Agent': 'Mozilla/5.0', Connection: 'keep-alive' } },
    );
    expect(seen).toEqual([['rollbackd'], ['close']]);
  });

  it('sends the method and the body that it is told', async () => {
    const said: string[] = [];
    const answer: RequestListener = (request, response) => {
      request.on('data', (part: Buffer) => said.push(`${request.method} ${part}`));
      request.on('end', () => response.end());
    };
    await askOf(answer, { method: 'POST', body: { name: 'kopi' } });
    expect(said).toEqual(['POST {"name":"kopi"}']);
  });

  it('never asks another host, whatever the path looks like', async () => {
    await using other = await serve(says(200, 'the other one'));
    const reply = await askOf(says(404, 'mine'), { path: `//127.0.0.1:${other.port}/` });
    expect(reply).toMatchObject({ status: 404, body: 'mine' });
  });

  it.each<[string, RequestListener]>([
    ['never answers', () => {}],
    ['never ends its answer', (_request, response) => void response.writeHead(200).write('{"a":')],
  ])('gives up within its own time on one that %s', async (_what, hang) => {
    const reply = await askOf(hang, { timeoutMs: 150 });
    expect(reply).toMatchObject({ answered: false, why: 'timeout' });
    expect(reply.tookMs).toBeGreaterThanOrEqual(140);
    expect(reply.tookMs).toBeLessThan(1_900);
  });

  it('takes the time of an answer from when the connection stands, whatever that took', async () => {
    const minute = 60_000;
    let passed = 0;
    const now = performance.now.bind(performance);
    const clock = vi.spyOn(performance, 'now').mockImplementation(() => now() + passed);
    const lookup = dns.lookup;
    const slowly = (...args: Parameters<typeof dns.lookup>) => {
      passed += minute;
      lookup(...args);
    };
    const names = vi.spyOn(dns, 'lookup').mockImplementation(slowly as typeof dns.lookup);
    onTestFinished(() => {
      clock.mockRestore();
      names.mockRestore();
    });
    await using server = await serve(says(200, ''));
    const baseUrl = `http://localhost:${server.port}`;
    const { tookMs } = await askHttp({ baseUrl, path: '/', timeoutMs: 5_000 }, forever);
    expect(passed).toBeGreaterThanOrEqual(minute);
    expect(tookMs).toBeLessThan(minute);
  });

  it('tells a refused connection', async () => {
    const baseUrl = `http://127.0.0.1:${await closedPort()}`;
    expect(await askHttp({ baseUrl, path: '/', timeoutMs: 2_000 }, forever)).toMatchObject({ why: 'refused' });
  });

  it.each<[string, RequestListener]>([
    ['before the answer', (request) => void request.socket.destroy()],
    [
      'in the middle of the answer',
      (request, response) => {
        response.writeHead(200, { 'content-length': '100' });
        response.write('half', () => request.socket.destroy());
      },
    ],
  ])('tells a connection that was cut %s', async (_when, cut) => {
    expect(await askOf(cut)).toMatchObject({ answered: false, why: 'reset' });
  });

  it('ends with the reason of its signal, which is no answer of the target', async () => {
    await using server = await serve(() => {});
    const stopping = new AbortController();
    const asking = askHttp({ baseUrl: server.url, path: '/', timeoutMs: 2_000 }, stopping.signal);
    stopping.abort(new Error('the daemon stops'));
    await expect(asking).rejects.toThrow('the daemon stops');
  });
});

describe('judging a reply', () => {
  const reply = (status: number, body: unknown): Reply => ({ answered: true, status, headers: {}, body, tookMs: 1 });

  it('is up only with an expected status', () => {
    expect(judgeReply(reply(204, ''), { expectStatus: [200, 204], expectJson: {} }).outcome).toBe('up');
    expect(judgeReply(reply(503, ''), expected)).toMatchObject({ outcome: 'down', why: 'status', status: 503 });
  });

  it.each<[string, unknown]>([
    ['another value', { database: { connected: false } }],
    ['a text that looks like the value', { database: { connected: 'true' } }],
    ['no such member', {}],
    ['an index page', '<html>200 OK</html>'],
    ['nothing', undefined],
  ])('is down when a 200 holds %s', (_what, body) => {
    const verdict = judgeReply(reply(200, body), { expectStatus: [200], expectJson: { '$.database.connected': true } });
    expect(verdict).toMatchObject({ outcome: 'down', why: 'body' });
  });

  it('is up when every JSON check holds, and down when one does not', () => {
    const body = { status: 'healthy', database: { connected: true } };
    const both = { '$.status': 'healthy', '$.database.connected': true };
    expect(judgeReply(reply(200, body), { expectStatus: [200], expectJson: both }).outcome).toBe('up');
    const other = { ...both, '$.status': 'well' };
    expect(judgeReply(reply(200, body), { expectStatus: [200], expectJson: other }).outcome).toBe('down');
  });

  it.each(['timeout', 'refused', 'reset', 'other'] as const)('is down without an answer: %s', (why) => {
    expect(judgeReply({ answered: false, why, tookMs: 1 }, expected)).toMatchObject({ outcome: 'down', why });
  });

  it('has words for every outcome', () => {
    const answers = (['ok', 'status', 'body', 'timeout', 'refused', 'reset', 'other'] as const).map((why) =>
      describeAnswer({ outcome: 'down', why, status: 503, tookMs: 1 }),
    );
    expect(answers).toEqual([
      'status 503',
      'status 503',
      'status 503, but not the expected body',
      'no answer within its time',
      'connection refused',
      'connection reset',
      'connection failed',
    ]);
  });
});
