import type { ServerResponse } from 'node:http';
import { afterEach, expect, test } from 'vitest';
import { type Clock, systemClock } from '../../../src/core/clock.ts';
import { Secret } from '../../../src/core/secret.ts';
import type { Received } from '../../../src/doors/slack/receive.ts';
import { keepConnected } from '../../../src/doors/slack/socket-mode.ts';
import type { Delivery } from '../../../src/notify/channel.ts';
import { eventually } from '../../exec/eventually.ts';
import { manualClock } from '../../manual-clock.ts';
import { type FakeSocketMode, startFakeSocketMode } from './fake-socket-mode.ts';

const appId = 'A0ROLLBACKD';
let stopping: AbortController | undefined;
let work: Promise<void> | undefined;

afterEach(async () => {
  stopping?.abort(new Error('over'));
  await work;
  stopping = undefined;
  work = undefined;
});

interface Options {
  readonly clock?: Clock;
  readonly receive?: (payload: unknown) => Promise<Received>;
}

function connecting(slack: FakeSocketMode, { clock = systemClock, receive = async () => ({}) }: Options = {}) {
  const connections: boolean[] = [];
  const wayIn: Delivery[] = [];
  const sole: Delivery[] = [];
  stopping = new AbortController();
  work = keepConnected(
    {
      appToken: new Secret('xapp-1'),
      appId,
      apiUrl: slack.apiUrl,
      receive,
      onConnection: (connected) => connections.push(connected),
      onWayIn: (delivery) => wayIn.push(delivery),
      onSole: (delivery) => sole.push(delivery),
      clock,
      log: { info: () => {}, warn: () => {} },
    },
    stopping.signal,
  );
  const stop = async () => {
    stopping?.abort(new Error('the daemon stops'));
    await work;
  };
  return { connections, wayIn, sole, stop };
}

const refusing = (error: string) => (response: ServerResponse) =>
  void response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ ok: false, error }));
const giving = (response: ServerResponse, url: string) =>
  void response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ ok: true, url }));
/** Takes every click, and remembers it. */
function taking() {
  const taken: unknown[] = [];
  const receive = async (payload: unknown) => {
    taken.push(payload);
    return {};
  };
  return { taken, receive };
}
const click = (id: string) => ({ type: 'interactive', envelope_id: id, payload: { id } });
const connected = (slack: FakeSocketMode, count: number) =>
  eventually(`${count} sockets`, () => slack.sockets.length === count);

test('a connection that Slack renews stays until the next one is there: clicks arrive over both, and nobody is told of a loss', async () => {
  await using slack = await startFakeSocketMode();
  const clock = manualClock();
  const { taken, receive } = taking();
  const { connections } = connecting(slack, { receive, clock });
  await eventually('a connection', () => connections.length === 1);
  await clock.pass(10_000);
  slack.sockets[0]?.say({ type: 'disconnect', reason: 'warning' });
  slack.sockets[0]?.say(click('e1'));
  await connected(slack, 2);
  slack.sockets[1]?.say(click('e2'));
  await eventually('both are acknowledged', () => slack.sockets.every(({ acknowledged }) => acknowledged.length === 1));
  expect(taken).toHaveLength(2);
  expect(slack.sockets.map(({ acknowledged }) => acknowledged)).toEqual([['e1'], ['e2']]);
  expect(connections).toEqual([true]);
});

test('what Slack sends over a connection until it ends it itself is taken, however long the next one has been there', async () => {
  await using slack = await startFakeSocketMode();
  const clock = manualClock();
  const { taken, receive } = taking();
  const { connections, wayIn } = connecting(slack, { receive, clock });
  await eventually('a connection', () => connections.length === 1);
  await clock.pass(10_000);
  slack.sockets[0]?.say({ type: 'disconnect', reason: 'warning' });
  await eventually('the next one', () => wayIn.length === 2);
  await eventually('the end of the old one is waited for', () => clock.sleepers() === 1);
  await clock.pass(14_000);
  slack.sockets[0]?.say(click('on its way'));
  await eventually('it is acknowledged', () => slack.sockets[0]?.acknowledged.length === 1);
  expect(taken).toEqual([{ id: 'on its way' }]);
  slack.sockets[0]?.end();
  await eventually('nothing is waited for', () => clock.sleepers() === 0);
  await clock.pass(3_600_000);
  await slack.sockets[1]?.heard();
  expect([connections, slack.asked.length]).toEqual([[true], 2]);
});

test('one that Slack renews, and does not end, is ended after a quarter of a minute', async () => {
  const clock = manualClock();
  await using slack = await startFakeSocketMode();
  const { connections, wayIn } = connecting(slack, { clock });
  await eventually('a connection', () => connections.length === 1);
  await clock.pass(10_000);
  slack.sockets[0]?.say({ type: 'disconnect', reason: 'warning' });
  await eventually('the next one', () => wayIn.length === 2);
  await eventually('the end of the old one is waited for', () => clock.sleepers() === 1);
  await clock.pass(14_000);
  expect(slack.sockets[0]?.open).toBe(true);
  await clock.pass(1_000);
  await eventually('the old one is gone', () => !slack.sockets[0]?.open);
  expect(connections).toEqual([true]);
});

test('a stop does not wait for Slack to end the old one', async () => {
  await using slack = await startFakeSocketMode();
  const clock = manualClock();
  const { wayIn, stop } = connecting(slack, { clock });
  await eventually('a connection', () => wayIn.length === 1);
  await clock.pass(10_000);
  slack.sockets[0]?.say({ type: 'disconnect', reason: 'warning' });
  await eventually('the next one', () => wayIn.length === 2);
  await stop();
  await eventually('both are gone', () => slack.sockets.every(({ open }) => !open));
});

test('one that cannot be renewed at once goes on until Slack ends it, and nobody is told of a loss', async () => {
  const answers = [undefined, refusing('internal_error'), undefined];
  await using slack = await startFakeSocketMode({
    answer: (response, url) => (answers.shift() ?? giving)(response, url),
  });
  const clock = manualClock();
  const { connections, wayIn } = connecting(slack, { clock });
  await eventually('a connection', () => connections.length === 1);
  await clock.pass(10_000);
  slack.sockets[0]?.say({ type: 'disconnect', reason: 'warning' });
  await eventually('the next one is refused', () => slack.asked.length === 2);
  slack.sockets[0]?.say(click('meanwhile'));
  await eventually('it is acknowledged', () => slack.sockets[0]?.acknowledged.length === 1);
  await eventually('the hello', async () => {
    await clock.pass(250);
    return wayIn.length === 2;
  });
  expect(connections).toEqual([true]);
  expect(wayIn).toEqual([{ outcome: 'delivered' }, { outcome: 'delivered' }]);
});

test('one that cannot be renewed is told as lost once Slack has ended it', async () => {
  const answers = [giving];
  await using slack = await startFakeSocketMode({
    answer: (response, url) => (answers.shift() ?? refusing('internal_error'))(response, url),
  });
  const { connections, wayIn } = connecting(slack);
  await eventually('a connection', () => connections.length === 1);
  slack.sockets[0]?.say({ type: 'disconnect', reason: 'warning' });
  await eventually('the next one is refused', () => slack.asked.length === 2);
  slack.sockets[0]?.end();
  await eventually('it is told', () => wayIn.length === 2);
  expect(connections).toEqual([true, false]);
  expect(wayIn[1]).toEqual({ outcome: 'failed', reason: 'Slack says internal_error' });
});

test('a frame of any shape ends nothing: clicks go on arriving over the same connection', async () => {
  await using slack = await startFakeSocketMode();
  const { taken, receive } = taking();
  const { connections } = connecting(slack, { receive });
  await eventually('a connection', () => connections.length === 1);
  const [socket] = slack.sockets;
  const withoutPayload = ['interactive', 'events_api', 'slash_commands', 'error', 'hello', 'disconnected', 'close'];
  const strange = [null, 42, 'text', [], {}, { type: null }, { type: 'error', payload: null }];
  for (const frame of strange) socket?.say(frame);
  for (const type of withoutPayload) socket?.say({ type, envelope_id: `${type} without payload` });
  for (const type of withoutPayload) socket?.say({ type, envelope_id: `${type} with a strange one`, payload: 7 });
  socket?.sayRaw(Buffer.from('{"type": "interac'), 'text');
  socket?.sayRaw(Buffer.from([0, 255, 1]), 'binary');
  socket?.sayRaw(Buffer.alloc(0), 'text');
  socket?.say(click('after all that'));
  await eventually('the click is acknowledged', () => socket?.acknowledged.includes('after all that'));
  expect(taken).toContainEqual({ id: 'after all that' });
  expect(slack.sockets).toHaveLength(1);
});

test('one that Slack ends is told as lost, and as found again', async () => {
  await using slack = await startFakeSocketMode();
  const { connections, wayIn } = connecting(slack);
  await eventually('a connection', () => connections.length === 1);
  slack.sockets[0]?.end();
  await connected(slack, 2);
  await eventually('it is there again', () => connections.length === 3);
  expect(connections).toEqual([true, false, true]);
  expect(wayIn).toEqual([{ outcome: 'delivered' }, { outcome: 'delivered' }]);
});

test('a stop while Slack has not given an address yet leaves no connection behind, and ends at once', async () => {
  const waiting: ServerResponse[] = [];
  await using slack = await startFakeSocketMode({ answer: (response) => void waiting.push(response) });
  const { connections, stop } = connecting(slack, { clock: manualClock() });
  await eventually('it is asked', () => waiting.length === 1);
  await stop();
  await eventually('nobody waits for the address any more', () => waiting[0]?.closed);
  expect([slack.sockets.length, connections]).toEqual([0, []]);
});

test('a stop before the hello takes the socket along', async () => {
  await using slack = await startFakeSocketMode({ hello: () => undefined });
  const { stop } = connecting(slack);
  await connected(slack, 1);
  await stop();
  await eventually('it is gone', () => !slack.sockets[0]?.open);
});

test('a stop waits for what is being taken, and takes nothing more', async () => {
  await using slack = await startFakeSocketMode();
  const { promise: recorded, resolve: record } = Promise.withResolvers<void>();
  const taken: unknown[] = [];
  const { connections, stop } = connecting(slack, {
    receive: async (payload) => {
      taken.push(payload);
      await recorded;
      return {};
    },
  });
  await eventually('a connection', () => connections.length === 1);
  slack.sockets[0]?.say(click('e1'));
  await eventually('it is taken', () => taken.length === 1);
  const stopped = stop();
  slack.sockets[0]?.say(click('late'));
  await slack.sockets[0]?.heard();
  record();
  await stopped;
  expect(taken).toEqual([{ id: 'e1' }]);
  expect(slack.sockets[0]?.acknowledged).toEqual(['e1']);
});

test('without a hello within ten seconds it is given up, told, and tried anew', async () => {
  await using slack = await startFakeSocketMode({ hello: () => undefined });
  const clock = manualClock();
  const { wayIn } = connecting(slack, { clock });
  await connected(slack, 1);
  await clock.pass(10_000);
  await eventually('it is told', () => wayIn.length === 1);
  expect(wayIn).toEqual([{ outcome: 'failed', reason: 'Slack said no hello' }]);
  await eventually('the next one', async () => {
    await clock.pass(1_000);
    return slack.sockets.length === 2;
  });
  await eventually('the first is gone', () => !slack.sockets[0]?.open);
  stopping?.abort(new Error('over'));
  let ended = false;
  void work?.then(() => {
    ended = true;
  });
  await eventually('it ends', async () => {
    await clock.pass(1_000);
    return ended;
  });
});

test('that an app token is not good any more is told at once, with what to do', async () => {
  await using slack = await startFakeSocketMode({ answer: refusing('invalid_auth') });
  const { wayIn } = connecting(slack);
  await eventually('it is told', () => wayIn.length > 0);
  const reason = expect.stringMatching(/invalid_auth\. Next: give doors\.slack\.socketMode\.appToken/);
  expect(wayIn[0]).toEqual({ outcome: 'failed', reason, lasting: true });
});

test('a fault of Slack itself is told as one that may pass', async () => {
  await using slack = await startFakeSocketMode({ answer: refusing('internal_error') });
  const { wayIn } = connecting(slack);
  await eventually('it is told', () => wayIn.length > 0);
  expect(wayIn[0]).toEqual({ outcome: 'failed', reason: 'Slack says internal_error' });
});

test('told to wait longer than it would by itself, it waits so long before it asks for a connection again', async () => {
  const clock = manualClock();
  await using slack = await startFakeSocketMode({
    answer: (response) => void response.writeHead(429, { 'retry-after': '30' }).end(),
    now: clock.monotonic,
  });
  connecting(slack, { clock });
  await eventually('it is asked a third time', async () => {
    await clock.pass(1_000);
    return slack.asked.length === 3;
  });
  expect(slack.asked).toHaveLength(3);
  for (const [index, at] of slack.asked.slice(1).entries())
    expect(at - (slack.asked[index] ?? 0)).toBeGreaterThanOrEqual(30_000);
});

test('an application that is not the configured one is told: every click would be refused', async () => {
  await using slack = await startFakeSocketMode({
    hello: () => ({ type: 'hello', num_connections: 1, connection_info: { app_id: 'A0ANOTHER' } }),
  });
  const { wayIn } = connecting(slack);
  await eventually('it is told', () => wayIn.length > 0);
  expect(wayIn).toEqual([
    { outcome: 'failed', lasting: true, reason: expect.stringMatching(/A0ANOTHER.*A0ROLLBACKD/) },
  ]);
});

const greeting = (...counts: number[]) => ({
  hello: () => ({ type: 'hello', num_connections: counts.shift() ?? 1, connection_info: { app_id: appId } }),
});
const outcomes = (deliveries: readonly Delivery[]) => deliveries.map(({ outcome }) => outcome);

test('somebody else who is connected as the application is told; an own connection that is about to end is not', async () => {
  await using slack = await startFakeSocketMode(greeting(1, 2, 3));
  const { wayIn, sole } = connecting(slack);
  await connected(slack, 1);
  slack.sockets[0]?.say({ type: 'disconnect', reason: 'warning' });
  await eventually('the second', () => sole.length === 2);
  slack.sockets[0]?.end();
  slack.sockets[1]?.say({ type: 'disconnect', reason: 'refresh_requested' });
  await eventually('the third', () => sole.length === 3);
  expect(outcomes(sole)).toEqual(['delivered', 'delivered', 'failed']);
  expect(sole[2]).toMatchObject({ reason: expect.stringContaining('1 more') });
  expect(outcomes(wayIn)).toEqual(['delivered', 'delivered', 'delivered']);
});

test('a connection that has died, and that Slack still counts, is looked for again after a minute, and then no more', async () => {
  const clock = manualClock();
  await using slack = await startFakeSocketMode(greeting(2, 2));
  const { connections, sole } = connecting(slack, { clock });
  await eventually('a look is waited for', () => sole.length === 1 && clock.sleepers() === 1);
  await clock.pass(59_000);
  expect(slack.sockets).toHaveLength(1);
  await clock.pass(1_000);
  await eventually('the look', () => sole.length === 2);
  await eventually('the old one is closed', () => !slack.sockets[0]?.open);
  await eventually('nothing is waited for', () => clock.sleepers() === 0);
  await clock.pass(3_600_000);
  expect(outcomes(sole)).toEqual(['failed', 'delivered']);
  expect([slack.sockets.length, connections]).toEqual([2, [true]]);
});

test('one who stays connected as the application is found three times within two minutes, and looked for ever less often', async () => {
  const clock = manualClock();
  await using slack = await startFakeSocketMode({ ...greeting(2, 3, 3, 3, 3), now: clock.monotonic });
  const { sole } = connecting(slack, { clock });
  await eventually('five looks', async () => {
    await clock.pass(sole.length * 1_000);
    return sole.length === 5;
  });
  const minutes = slack.asked.map((at) => Math.round(at / 60_000));
  expect(minutes).toEqual([0, 1, 2, 3, 5]);
  expect(new Set(outcomes(sole))).toEqual(new Set(['failed']));
});
