import { existsSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { expect, test } from 'vitest';
import { startDaemon } from '../../src/daemon.ts';
import { connectTo } from '../../src/doors/socket/client.ts';
import { probeName } from '../../src/model/observation.ts';
import { eventually } from '../exec/eventually.ts';
import { startDaemonProcess } from './daemon-process.ts';
import { deadTarget } from './dead-target.ts';
import { journalled, kindsIn, prepareJournal } from './journal-of.ts';

/** What follows from looking alone. */
const harmless = ['daemon.started', 'daemon.stopped'];

async function scrape(url: string): Promise<string> {
  return (await fetch(`${url}/metrics`)).text();
}

/** How often a probe has looked, whatever it saw. */
const looks = (metrics: string, probe: string): number =>
  [...metrics.matchAll(/^rollbackd_probe_observations_total\{(.*)\} (\d+)$/gm)]
    .filter(([, labels = '']) => labels.includes(`probe="${probe}"`))
    .reduce((sum, [, , count]) => sum + Number(count), 0);

test('on a target of which nothing answers it looks with every probe, answers at its doors and does nothing', async () => {
  using target = await deadTarget({ 'log.level': 'error' });
  await using daemon = await startDaemon({ configFile: target.configFile, environment: {} });
  expect((await scrape(target.http)).split('\n'), 'before the first beat').toContain(
    'rollbackd_mode{mode="approve"} 1',
  );
  const metrics = await eventually('each probe has looked twice', async () => {
    const text = await scrape(target.http);
    return probeName.options.every((probe) => looks(text, probe) >= 2) && text;
  });
  expect(metrics.split('\n')).toContain('rollbackd_probe_up{probe="isolation"} 0');
  expect((await fetch(`${target.http}/healthz`)).status).toBe(200);
  expect((await fetch(`${target.http}/readyz`)).status).toBe(200);
  const status = await connectTo(target.socket, new AbortController().signal).status();
  expect(status).toMatchObject({ target: 'dead-cafe', mode: 'approve' });
  expect(status.incident).toBeUndefined();
  await daemon[Symbol.asyncDispose]();
  expect(kindsIn(target.journal)).toEqual(harmless);
});

test('asked to end, it ends within ten seconds with code 0, leaves no socket and writes down that it stopped', async () => {
  using target = await deadTarget();
  await using daemon = await startDaemonProcess(target.configFile);
  await daemon.says('rollbackd watches');
  expect(existsSync(target.socket)).toBe(true);
  const asked = performance.now();
  expect(await daemon.stop()).toBe(0);
  expect(performance.now() - asked).toBeLessThan(10_000);
  expect(existsSync(target.socket)).toBe(false);
  expect(journalled(target.journal).at(-1)).toEqual({ kind: 'daemon.stopped', reason: 'asked to stop' });
});

/** Takes every connection and never says a word. */
async function silentServer() {
  const open = new Set<Socket>();
  const server = createServer((socket) => void open.add(socket.on('error', () => {})));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new TypeError('a server without a port');
  return {
    port: address.port,
    connections: () => open.size,
    [Symbol.dispose]: () => {
      for (const socket of open) socket.destroy();
      server.close();
    },
  };
}

test('it ends in time also while everything that it asked leaves it without an answer', async () => {
  using silent = await silentServer();
  const url = `http://127.0.0.1:${silent.port}`;
  using target = await deadTarget({
    'target.applicationUrl': url,
    'target.publicUrl': url.replace('127.0.0.1', 'localhost'),
    'mongo.unified.port': silent.port,
    'mongo.legacy.port': silent.port,
    'mongo.operationTimeout': '1m',
    'probes.timeout': '1m',
    'notify.webhook.url': url,
    'notify.webhook.timeout': '1m',
  });
  prepareJournal(target.journal, { kind: 'message.queued', message: 'm', subject: 's', text: 't', urgency: 'told' });
  await using daemon = await startDaemonProcess(target.configFile);
  await daemon.says('rollbackd watches');
  await eventually('it waits for all of them', () => silent.connections() >= 5);
  const asked = performance.now();
  expect(await daemon.stop()).toBe(0);
  expect(performance.now() - asked).toBeLessThan(10_000);
  expect(kindsIn(target.journal).at(-1)).toBe('daemon.stopped');
});

test('asked to end before it has started, it ends just as well', async () => {
  using target = await deadTarget();
  await using daemon = await startDaemonProcess(target.configFile);
  await eventually('it has made its journal', () => existsSync(target.journal));
  expect(await daemon.stop()).toBe(0);
  expect(existsSync(target.socket)).toBe(false);
  expect(kindsIn(target.journal)).toEqual(harmless);
});

test('after kill -9 the next one starts over the socket, the lock and the journal that were left', async () => {
  using target = await deadTarget();
  await using killed = await startDaemonProcess(target.configFile);
  await killed.says('rollbackd watches');
  killed.kill('SIGKILL');
  expect(await killed.ended).toBe('SIGKILL');
  expect(existsSync(target.socket)).toBe(true);
  await using next = await startDaemonProcess(target.configFile);
  await next.says('rollbackd watches');
  expect(await next.stop()).toBe(0);
  expect(kindsIn(target.journal)).toEqual(['daemon.started', ...harmless]);
});
