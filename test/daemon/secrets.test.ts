import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { connectTo } from '../../src/doors/socket/client.ts';
import { eventually } from '../exec/eventually.ts';
import { linesOf, startDaemonProcess } from './daemon-process.ts';
import { type DeadTarget, deadTarget, secrets } from './dead-target.ts';
import { prepareJournal } from './journal-of.ts';

/** Takes no message, and keeps what it was sent. */
async function refusingReceiver() {
  const authorizations: unknown[] = [];
  const server = createServer(({ headers }, response) => {
    authorizations.push(headers.authorization);
    response.writeHead(500).end('no');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new TypeError('a server without a port');
  return {
    url: `http://127.0.0.1:${address.port}/`,
    authorizations,
    [Symbol.dispose]: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** Everything that the daemon leaves on the disk, by file. */
const leftBehind = ({ folder, stateFolder }: DeadTarget): [string, string][] =>
  [stateFolder, join(folder, 'lock')].flatMap((place) =>
    readdirSync(place).map((name): [string, string] => [name, readFileSync(join(place, name), 'latin1')]),
  );

const secretsIn = (text: string): string[] =>
  Object.entries(secrets)
    .filter(([, secret]) => text.includes(secret.replace('Bearer ', '')))
    .map(([name]) => name);

const message = {
  kind: 'message.queued',
  message: 'daemon/1',
  subject: 'a first word',
  text: 'to a receiver that fails',
  urgency: 'told',
} as const;

test('no secret reaches the log, the journal, the recorder, /metrics or the status, even where everything fails', async () => {
  using receiver = await refusingReceiver();
  const login = { user: 'observer', password: '${OBSERVER_PASSWORD}' };
  using target = await deadTarget({ 'notify.webhook.url': receiver.url, 'mongo.users.observer': login });
  prepareJournal(target.journal, message);
  const environment = { OBSERVER_PASSWORD: secrets.observer, UNRELATED: secrets.inherited };
  await using daemon = await startDaemonProcess(target.configFile, environment);
  await daemon.says('rollbackd watches');
  await daemon.says('a message was not delivered');
  await eventually('the receiver was asked', () => receiver.authorizations.length > 0);
  const signal = new AbortController().signal;
  const client = connectTo(target.socket, signal);
  const refused = await client.rollback({ dryRun: true }).catch(String);
  const refusedArming = await client.command('arm', { reason: 'to see it fail' }).catch(String);
  writeFileSync(target.configFile, readFileSync(target.configFile, 'utf8').replace('mode: approve', 'mode: armed'));
  daemon.kill('SIGHUP');
  await daemon.says('the old one stays in force');
  const told = {
    dryRun: JSON.stringify(refused),
    arm: JSON.stringify(refusedArming),
    status: JSON.stringify(
      await eventually('a status with every probe', async () => {
        const status = await client.status();
        return status.probes.length >= 5 && status;
      }),
    ),
    metrics: await (await fetch(`${target.http}/metrics`)).text(),
  };
  expect(await daemon.stop()).toBe(0);
  const everything = [
    ...Object.entries(told),
    ['log', daemon.output()],
    ['errors', daemon.errors()],
    ...leftBehind(target),
  ];
  expect(everything.map(([name]) => name)).toEqual(expect.arrayContaining(['journal.db', 'observations.db']));
  for (const [where = '', text = ''] of everything) expect(secretsIn(text), where).toEqual([]);
  expect(told.arm).toContain('cannot be armed');
  expect(secretsIn(readFileSync(target.configFile, 'utf8')), 'and yet they were there').toContain('login');
  expect(receiver.authorizations, 'and yet it was used').toContain(secrets.authorization);
});

test('on a pipe the log is one JSON object a line, with level, time and words', async () => {
  using target = await deadTarget();
  await using daemon = await startDaemonProcess(target.configFile);
  await daemon.says('rollbackd watches');
  expect(await daemon.stop()).toBe(0);
  expect(linesOf(daemon.output()).map(({ msg }) => msg)).toEqual(
    expect.arrayContaining(['the doors are open', 'rollbackd watches']),
  );
  expect(daemon.errors()).toBe('');
});
