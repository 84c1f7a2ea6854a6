import { readdir } from 'node:fs/promises';
import { request } from 'node:http';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { connectTo } from '../../../src/doors/socket/client.ts';
import { asking, stage } from '../../commands/fixture.ts';
import { myUid, openDoor } from './open-door.ts';

const never = new AbortController().signal;

/** A request as anybody could write it by hand. */
function raw(socketPath: string, path: string, body: string, headers: Record<string, string> = {}) {
  return new Promise<{ status: number | undefined; text: string }>((resolve, reject) => {
    const outgoing = request(
      { socketPath, path, method: 'POST', headers: { 'content-type': 'application/json', ...headers } },
      (answer) => {
        const parts: Buffer[] = [];
        answer.on('data', (part: Buffer) => parts.push(part));
        answer.on('end', () => resolve({ status: answer.statusCode, text: Buffer.concat(parts).toString() }));
      },
    );
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

it('carries out a command as the person whose uid called, in the role that counts', async () => {
  const { context, last } = stage({ past: asking() });
  await using open = await openDoor(context);
  const result = await open.client.command('approve', { incident: 'inc-1', revision: 1 });
  expect(result.text).toBe('inc-1 is approved: the rollback begins');
  expect(last()).toMatchObject({ kind: 'approval.answered', person: 'ana', role: 'senior-engineer', via: 'cli' });
  expect(await readdir(open.nonces)).toEqual([]);
});

it('takes nobody for somebody: a uid that no person has may do nothing', async () => {
  const { context, last } = stage({ past: asking() });
  await using open = await openDoor(context, [{ name: 'ana', roles: ['senior-engineer'], uid: myUid + 1 }]);
  await expect(open.client.command('approve', { incident: 'inc-1', revision: 1 })).rejects.toMatchObject({
    reason: 'not-authorised',
  });
  expect(last()).toMatchObject({ kind: 'approval.refused', person: `uid ${myUid}` });
});

it('does not take a person without a uid for root', async () => {
  const { context } = stage({ past: asking() });
  await using open = await openDoor(context, [{ name: 'ana', roles: ['senior-engineer'] }]);
  await expect(open.client.command('approve', { incident: 'inc-1', revision: 1 })).rejects.toMatchObject({
    reason: 'not-authorised',
  });
});

it.each([
  ['without a proof', {}],
  ['with an invented proof', { 'rollbackd-nonce': 'abc' }],
])('refuses a command %s', async (_what, headers) => {
  const { context, journalled } = stage();
  await using open = await openDoor(context);
  const { status, text } = await raw(open.path, '/commands/pause', '{"reason":"x"}', headers);
  expect([status, JSON.parse(text).error.reason]).toEqual([401, 'unproven']);
  expect(journalled()).toEqual([]);
});

it('shows a dry run to whoever may open the socket', async () => {
  await using open = await openDoor(undefined, [{ name: 'ana', roles: ['senior-engineer'], uid: myUid + 1 }]);
  const { plan, run } = await open.client.rollback({ dryRun: true });
  expect(plan.steps.map(({ id }) => id)).toEqual(['stop-application', 'switch-code']);
  expect(run).toBeUndefined();
});

it('explains wrong arguments, and asks for no proof before', async () => {
  await using open = await openDoor();
  await expect(open.client.command('pause', { reason: 'x', for: '3 parsecs' })).rejects.toMatchObject({
    reason: 'bad-arguments',
    message: expect.stringContaining('not a duration'),
  });
  const { status } = await raw(open.path, '/commands/__proto__', '{}');
  expect(status).toBe(404);
});

it('never answers with a stack trace', async () => {
  const { context } = stage();
  const broken = { ...context, latest: () => JSON.parse('{') };
  await using open = await openDoor(broken);
  await expect(open.client.status()).rejects.toMatchObject({ reason: 'internal' });
  const { text } = await raw(open.path, '/commands/pause', '{');
  expect(text).not.toContain('    at ');
});

it('lets two people answer at once, and one of them win', async () => {
  const { context, journalled } = stage({ past: asking() });
  await using open = await openDoor(context);
  const results = await Promise.allSettled([
    open.client.command('approve', { incident: 'inc-1', revision: 1 }),
    open.client.command('reject', { incident: 'inc-1', revision: 1, reason: 'no' }),
  ]);
  expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  expect(journalled().sort()).toEqual(['approval.answered', 'approval.refused']);
});

it('says that no daemon runs where nothing listens', async () => {
  const client = connectTo(join(tmpdir(), 'no-rollbackd-here.sock'), never);
  await expect(client.status()).rejects.toMatchObject({
    reason: 'not-running',
    remedy: 'start it with `rollbackd run`, or name its socket with --socket',
  });
});

it('does not take a stranger at the socket for the daemon', async () => {
  await using open = await openDoor();
  const path = join(open.folder, 'other.sock');
  const stranger = createServer((socket) => void socket.end('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}'));
  await new Promise<void>((resolve) => void stranger.listen(path, resolve));
  await expect(connectTo(path, never).status()).rejects.toMatchObject({ reason: 'strange-answer' });
  stranger.close();
});
