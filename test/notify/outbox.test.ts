import { describe, expect, it } from 'vitest';
import type { EventBody } from '../../src/model/event.ts';
import { backoff } from '../../src/notify/backoff.ts';
import type { Delivery } from '../../src/notify/channel.ts';
import { channelOf, failing, journalOf, queued, running } from './stage.ts';

const hour = 3_600_000;

describe('the outbox', () => {
  it('delivers what is queued on every channel, once, and writes it down', async () => {
    const journal = journalOf(queued('m1'), queued('m2'));
    const channels = [channelOf('log'), channelOf('webhook')];
    await using stage = running(journal, channels);
    await stage.clock.pass(hour);
    expect(channels.map(({ offered }) => offered)).toEqual([
      ['m1', 'm2'],
      ['m1', 'm2'],
    ]);
    expect(journal.state().messages.get('m1')?.deliveredTo).toEqual(['log', 'webhook']);
  });

  it('spares the webhook the progress of a run, and tells what came of each attempt', async () => {
    const journal = journalOf({ ...queued('step-1'), urgency: 'progress' } as EventBody, queued('m1'));
    const channels = [channelOf('log'), channelOf('webhook'), channelOf('slack')];
    await using stage = running(journal, channels);
    await stage.clock.pass(hour);
    expect(channels.map(({ offered }) => offered)).toEqual([['step-1', 'm1'], ['m1'], ['step-1', 'm1']]);
    expect(stage.attempts).toHaveLength(5);
  });

  it('does not wait for its next round when it is woken', async () => {
    const journal = journalOf();
    const log = channelOf('log');
    await using stage = running(journal, [log]);
    await stage.clock.pass(1);
    journal.append(queued('late'));
    stage.outbox.wake();
    await stage.clock.pass(0);
    expect(log.offered).toEqual(['late']);
  });

  it('finds by itself what was queued while nobody woke it', async () => {
    const journal = journalOf();
    const log = channelOf('log');
    await using stage = running(journal, [log]);
    await stage.clock.pass(1);
    journal.append(queued('late'));
    await stage.clock.pass(1_000);
    expect(log.offered).toEqual(['late']);
  });

  it('lets one channel that hangs delay no other, not even for what is queued later', async () => {
    const journal = journalOf(queued('m1'));
    const log = channelOf('log');
    const hanging = channelOf('webhook', (_offer, _message, signal) => {
      const { promise, resolve } = Promise.withResolvers<Delivery>();
      signal.addEventListener('abort', () => resolve({ outcome: 'failed', reason: 'stopped' }));
      return promise;
    });
    await using stage = running(journal, [hanging, log]);
    await stage.clock.pass(5_000);
    journal.append(queued('m2'));
    stage.outbox.wake();
    await stage.clock.pass(0);
    expect(log.offered).toEqual(['m1', 'm2']);
    expect(hanging.offered).toEqual(['m1']);
  });

  it('tries again after 1, 2, 4 ... seconds, at most a minute, until it is taken', async () => {
    const journal = journalOf();
    const times: number[] = [];
    const webhook = channelOf('webhook', (offer) => {
      times.push(stage.clock.monotonic());
      return offer < 9 ? failing() : { outcome: 'delivered' };
    });
    await using stage = running(journal, [webhook]);
    journal.append(queued('m1'));
    await stage.clock.pass(hour);
    const gaps = times.slice(1).map((time, index) => Math.round((time - (times[index] ?? 0)) / 1_000));
    expect(gaps).toEqual([1, 2, 4, 8, 16, 32, 60, 60]);
    expect(journal.state().messages.get('m1')?.deliveredTo).toEqual(['webhook']);
    expect(stage.failures).toHaveLength(8);
  });

  it('brings a new channel what is queued after it was introduced, and one that comes back begins anew', async () => {
    const start = (...channels: string[]): EventBody => ({
      kind: 'daemon.started',
      version: '0',
      configHash: 'c',
      pid: 1,
      channels,
    });
    const alone = [start('log'), ...Array.from({ length: 200 }, (_, index) => queued(`old-${index}`))];
    const gone = [start('log', 'webhook'), queued('missed'), start('log'), start('log', 'webhook')];
    const journal = journalOf(...alone, ...gone, queued('new'));
    const [log, webhook] = [channelOf('log'), channelOf('webhook')];
    await using stage = running(journal, [log, webhook]);
    await stage.clock.pass(2_000);
    expect(webhook.offered).toEqual(['new']);
    expect(log.offered).toHaveLength(202);
  });

  it('never asks again after a refusal, and keeps its reason', async () => {
    const journal = journalOf(queued('m1'), queued('m2'));
    const webhook = channelOf('webhook', (offer) =>
      offer === 1 ? { outcome: 'refused', reason: 'status 400' } : { outcome: 'delivered' },
    );
    await using stage = running(journal, [webhook]);
    await stage.clock.pass(hour);
    expect(webhook.offered).toEqual(['m1', 'm2']);
    expect(journal.state().messages.get('m1')?.undeliverable).toEqual([{ channel: 'webhook', reason: 'status 400' }]);
  });

  it('lets nothing wait behind a message that never gets through', async () => {
    const journal = journalOf(queued('poison'), queued('m2'), queued('m3'));
    const webhook = channelOf('webhook', (_offer, { message }) =>
      message === 'poison' ? failing() : { outcome: 'delivered' },
    );
    await using stage = running(journal, [webhook]);
    await stage.clock.pass(2_000);
    expect(webhook.offered).toEqual(expect.arrayContaining(['m2', 'm3']));
    await stage.clock.pass(10 * 60_000);
    expect(journal.state().messages.get('poison')?.deliveredTo).toEqual([]);
  });

  it.each([2, 4, 5, 6, 7, 9, 12, 15, 20, 30])(
    'keeps the order of what is about one thing, after %i minutes in which the channel was down',
    async (minutes) => {
      const names = Array.from({ length: 8 }, (_, index) => `inc-1/m${'abcdefgh'[index]}`);
      const journal = journalOf(...names.slice(0, 5).map(queued));
      for (const fraction of [0, 0.3, 0.6, 0.9]) {
        const taken: string[] = [];
        let down = true;
        const slack = channelOf(`slack-${fraction}`, (_offer, { message }) => {
          if (down) return failing();
          taken.push(message);
          return { outcome: 'delivered' };
        });
        await using stage = running(journal, [slack]);
        await stage.clock.pass(4_000);
        if (fraction === 0) journal.append(...names.slice(5).map(queued));
        await stage.clock.pass((minutes - fraction) * 60_000);
        down = false;
        await stage.clock.pass(2 * 60_000);
        expect(taken).toEqual(names);
      }
    },
  );

  it('keeps the order of two things, where each had messages that failed for long', async () => {
    const names = ['inc-1/a', 'inc-1/b', 'run-1/a', 'inc-1/c', 'run-1/b'];
    const journal = journalOf(...names.map(queued));
    const taken: string[] = [];
    let down = true;
    const slack = channelOf('slack', (_offer, { message }) => {
      if (down) return failing();
      taken.push(message);
      return { outcome: 'delivered' };
    });
    await using stage = running(journal, [slack]);
    await stage.clock.pass(41 * 60_000);
    down = false;
    await stage.clock.pass(2 * 60_000);
    expect(taken.filter((message) => message.startsWith('inc'))).toEqual(['inc-1/a', 'inc-1/b', 'inc-1/c']);
    expect(taken.filter((message) => message.startsWith('run'))).toEqual(['run-1/a', 'run-1/b']);
  });

  it('lets what is about one thing pass a message that never gets through, after a while', async () => {
    const journal = journalOf(queued('inc-1/poison'), queued('inc-1/b'), queued('inc-1/c'));
    const slack = channelOf('slack', (_offer, { message }) =>
      message === 'inc-1/poison' ? failing() : { outcome: 'delivered' },
    );
    await using stage = running(journal, [slack]);
    await stage.clock.pass(10 * 60_000);
    const delivered = [...journal.state().messages.values()].filter(({ deliveredTo }) => deliveredTo.length > 0);
    expect(delivered.map(({ message }) => message)).toEqual(['inc-1/b', 'inc-1/c']);
  });

  it('lets them pass two messages that never get through, and what comes later at once', async () => {
    const journal = journalOf(queued('inc-1/poison-a'), queued('inc-1/poison-b'), queued('inc-1/c'));
    const slack = channelOf('slack', (_offer, { message }) =>
      message.includes('poison') ? failing() : { outcome: 'delivered' },
    );
    await using stage = running(journal, [slack]);
    await stage.clock.pass(20 * 60_000);
    expect(journal.state().messages.get('inc-1/c')?.deliveredTo).toEqual(['slack']);
    await stage.clock.pass(30_000);
    journal.append(queued('inc-1/d'));
    await stage.clock.pass(2_000);
    expect(journal.state().messages.get('inc-1/d')?.deliveredTo).toEqual(['slack']);
  });

  it('passes over the reminders behind which a later one waits', async () => {
    const reminders = [1, 2, 3].map((period) => `incident/inc-1/asked?revision=1&period=${period}`);
    const names = ['incident/inc-1/asked?revision=1', ...reminders];
    const journal = journalOf(...names.map(queued), queued('incident/inc-2/asked?revision=1&period=4'));
    const slack = channelOf('slack');
    await using stage = running(journal, [slack]);
    await stage.clock.pass(10_000);
    expect(slack.offered).toEqual([
      'incident/inc-1/asked?revision=1',
      'incident/inc-1/asked?revision=1&period=3',
      'incident/inc-2/asked?revision=1&period=4',
    ]);
    expect(journal.state().messages.get('incident/inc-1/asked?revision=1&period=1')?.undeliverable).toEqual([
      { channel: 'slack', reason: 'a later reminder takes its place' },
    ]);
  });

  it('waits as long as the other side asks for, where that is longer than it would wait by itself', async () => {
    const journal = journalOf();
    const times: number[] = [];
    const slack = channelOf('slack', (offer) => {
      times.push(stage.clock.monotonic());
      return offer < 3 ? { ...failing(), retryAfterMs: 30_000 } : { outcome: 'delivered' };
    });
    await using stage = running(journal, [slack]);
    journal.append(queued('m1'));
    await stage.clock.pass(hour);
    expect(times.slice(1).map((at, index) => at - (times[index] ?? 0) >= 30_000)).toEqual([true, true]);
  });

  it('asks a channel that is down once a round, not once a message', async () => {
    const journal = journalOf(...Array.from({ length: 50 }, (_, index) => queued(`m${index}`)));
    const webhook = channelOf('webhook', failing);
    await using stage = running(journal, [webhook]);
    await stage.clock.pass(10_000);
    expect(webhook.offered.length).toBeLessThanOrEqual(11);
  });

  it('survives a channel that throws', async () => {
    const journal = journalOf(queued('m1'));
    const webhook = channelOf('webhook', (offer) => {
      if (offer === 1) throw new Error('broken');
      return { outcome: 'delivered' };
    });
    await using stage = running(journal, [webhook]);
    await stage.clock.pass(2_000);
    expect(stage.failures).toEqual(['webhook m1: broken']);
    expect(journal.state().messages.get('m1')?.deliveredTo).toEqual(['webhook']);
  });

  it('repeats a message that was taken when the daemon died before it was written down', async () => {
    const journal = journalOf(queued('m1'));
    const before = channelOf('webhook');
    {
      const died = () => {
        throw new Error('kill -9');
      };
      await using first = running(journal, [before], died);
      await first.clock.pass(0);
    }
    const after = channelOf('webhook');
    await using second = running(journal, [after]);
    await second.clock.pass(0);
    expect([before.offered, after.offered]).toEqual([['m1'], ['m1']]);
    expect(journal.state().messages.get('m1')?.deliveredTo).toEqual(['webhook']);
  });

  it('does not repeat it while it lives: a journal that cannot be written is asked again, the channel is not', async () => {
    const journal = journalOf(queued('m1'), queued('m2'));
    const webhook = channelOf('webhook');
    let full = true;
    await using stage = running(journal, [webhook], (...bodies) => {
      if (full) throw new Error('no space left');
      journal.append(...bodies);
    });
    await stage.clock.pass(10_000);
    expect(webhook.offered).toEqual(['m1', 'm2']);
    expect(stage.failures[0]).toMatch(/^webhook m1: it was taken, but .*no space left/);
    full = false;
    await stage.clock.pass(60_000);
    expect(webhook.offered).toEqual(['m1', 'm2']);
    expect([...journal.state().messages.values()].map(({ deliveredTo }) => deliveredTo)).toEqual([
      ['webhook'],
      ['webhook'],
    ]);
  });

  it('holds nothing back behind what was taken while the journal could not be written', async () => {
    const names = ['inc-1/r1.decided', 'inc-1/r1.asked', 'inc-1/r1.waiting-1767-1', 'daemon/4', 'daemon/5'];
    const journal = journalOf(...names.map(queued));
    const slack = channelOf('slack');
    let full = true;
    await using stage = running(journal, [slack], (...bodies) => {
      if (full) throw new Error('no space left');
      journal.append(...bodies);
    });
    await stage.clock.pass(1_000);
    expect(slack.offered).toEqual(names);
    full = false;
    await stage.clock.pass(60_000);
    expect(slack.offered).toEqual(names);
    expect([...journal.state().messages.values()].every(({ deliveredTo }) => deliveredTo.includes('slack'))).toBe(true);
  });

  it('counts no failure against a channel that the stop of the daemon cut off', async () => {
    const journal = journalOf(queued('m1'));
    const cutOff = channelOf('webhook', (_offer, _message, signal) => {
      const { promise, resolve } = Promise.withResolvers<Delivery>();
      signal.addEventListener('abort', () => resolve(failing()));
      return promise;
    });
    const stage = running(journal, [cutOff]);
    await stage.clock.pass(0);
    await stage[Symbol.asyncDispose]();
    expect(stage.failures).toEqual([]);
    expect(journal.state().messages.get('m1')).toMatchObject({ deliveredTo: [], undeliverable: [] });
  });
});

it('waits no longer than a minute, however often it failed', () => {
  expect(backoff(1)).toBe(1_000);
  expect(backoff(2_000)).toBe(60_000);
});
