import { describe, expect, it } from 'vitest';
import { type DaemonState, emptyState } from '../../src/incident/daemon-state.ts';
import { isPending } from '../../src/incident/fold-message.ts';
import type { EventBody } from '../../src/model/event.ts';
import type { Urgency } from '../../src/model/urgency.ts';
import { begin, must, writtenAt } from './histories.ts';

const started = (...channels: string[]): EventBody => {
  return { kind: 'daemon.started', version: '0', configHash: 'c', pid: 1, channels };
};
const queued = (urgency: Urgency = 'told'): EventBody => {
  return { kind: 'message.queued', message: 'm', subject: 's', text: 't', urgency };
};
const refused = (channel: string, reason: string): EventBody => {
  return { kind: 'message.undeliverable', message: 'm', channel, reason };
};

const past = (...bodies: EventBody[]): DaemonState => must(emptyState(), ...bodies);

function messageOf({ messages }: DaemonState) {
  const message = messages.get('m');
  if (!message) throw new Error('there is no message');
  return message;
}

/** Which of these have yet to take the message. */
const pending = (state: DaemonState, ...channels: string[]): string[] =>
  channels.filter((channel) => isPending(messageOf(state), channel));

describe('a message that a channel refuses for good', () => {
  it('is not sent to that channel any more, and still to every other', () => {
    const state = past(started('log', 'webhook'), queued(), refused('webhook', 'status 410'));
    expect(pending(state, 'log', 'webhook')).toEqual(['log']);
  });

  it('keeps the newest reason of each channel', () => {
    const state = past(
      started('webhook', 'slack'),
      queued(),
      refused('webhook', 'status 410'),
      refused('slack', 'channel_not_found'),
      refused('webhook', 'status 404'),
    );
    expect(messageOf(state).undeliverable).toEqual([
      { channel: 'slack', reason: 'channel_not_found' },
      { channel: 'webhook', reason: 'status 404' },
    ]);
  });
});

describe('a message of which one channel is taken away', () => {
  it('is for the others alone, also where that channel comes back', () => {
    const state = past(started('log', 'webhook', 'slack'), queued(), started('log', 'slack'));
    expect(messageOf(state).channels).toEqual(['log', 'slack']);
    const back = must(state, started('log', 'webhook', 'slack'));
    expect(pending(back, 'log', 'webhook', 'slack')).toEqual(['log', 'slack']);
  });

  it('is for nobody where that was the only one', () => {
    const state = past(started('webhook'), queued(), started('log'), started('log', 'webhook'));
    expect(pending(state, 'log', 'webhook')).toEqual([]);
  });
});

describe('a message of a journal that does not say which channels there were', () => {
  it('is for every channel, and stays so when the daemon says which there are', () => {
    const state = past(queued());
    expect(pending(state, 'log', 'slack')).toEqual(['log', 'slack']);
    expect(pending(must(state, started('log')), 'log', 'slack')).toEqual(['log', 'slack']);
  });
});

describe('the progress of a run', () => {
  it('wakes nobody by the webhook', () => {
    const state = past(started('log', 'webhook'), queued('progress'));
    expect(pending(state, 'log', 'webhook')).toEqual(['log']);
  });
});

it('knows nothing more of a message that was forgotten when a channel takes or refuses it late', () => {
  const state = past(started('log'));
  const late = writtenAt(
    state,
    begin,
    { kind: 'message.delivered', message: 'm', channel: 'log' },
    refused('log', 'r'),
  );
  expect(late.messages.size).toBe(0);
});
