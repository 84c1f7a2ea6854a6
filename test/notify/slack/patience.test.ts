import { ErrorCode } from '@slack/web-api';
import { afterEach, expect, it } from 'vitest';
import type { DaemonState } from '../../../src/incident/daemon-state.ts';
import type { EventBody } from '../../../src/model/event.ts';
import { failed, slackChannel } from '../../../src/notify/channels/slack/channel.ts';
import type { SlackWeb } from '../../../src/notify/channels/slack/web.ts';
import { ChannelHealth } from '../../../src/notify/health.ts';
import { Outbox } from '../../../src/notify/outbox.ts';
import { asking } from '../../commands/fixture.ts';
import { manualClock } from '../../manual-clock.ts';
import { journalOf, queued } from '../stage.ts';

const shown: EventBody = { kind: 'card.shown', incident: 'inc-1', channel: 'C1', ts: '1.1', face: 'old', final: false };
const limited = () => Object.assign(new Error('limited'), { code: ErrorCode.RateLimitedError, retryAfter: 30 });

let stopping = new AbortController();
afterEach(() => stopping.abort(new Error('over')));

type Method = 'chat.update' | 'chat.postMessage' | 'conversations.history' | 'conversations.replies';

/** A Slack that asks so often for half a minute of patience, at one method. */
function workspace(patient: Method, times: number, ...past: EventBody[]) {
  const clock = manualClock();
  const journal = journalOf(...past);
  const calls: [Method, number][] = [];
  let left = times;
  const method = (name: Method, answer: object) => async () => {
    calls.push([name, clock.monotonic()]);
    if (name === patient && left-- > 0) throw limited();
    return answer;
  };
  let calledBySlack = 'C1';
  const post = method('chat.postMessage', { ts: '2.2' });
  const web = {
    chat: {
      update: method('chat.update', {}),
      postMessage: async () => ({ ...(await post()), channel: calledBySlack }),
    },
    conversations: {
      history: method('conversations.history', { messages: [] }),
      replies: method('conversations.replies', { messages: [] }),
    },
  } as unknown as SlackWeb;
  const told: string[] = [];
  const health = new ChannelHealth({
    clock,
    onFailing: () => {},
    onTrouble: ({ reason }) => told.push(reason),
    onWell: () => {},
  });
  let full = false;
  const append = (...bodies: EventBody[]) => {
    if (full) throw new Error('no space left on the disk');
    journal.append(...bodies);
  };
  const channel = slackChannel({
    web,
    channel: 'C1',
    context: () => ({ target: 'cafe', people: [], groups: [], way: 'buttons' }),
    escalation: [],
    spacingMs: 0,
    state: journal.state,
    append,
    clock,
    onUpToDate: () => health.note('slack', { outcome: 'delivered' }, 'cards'),
    onFailure: (_incident, error) => health.note('slack', failed(error), 'cards'),
  });
  const outbox = new Outbox({
    channels: [channel],
    state: journal.state,
    append,
    clock,
    onFailure: () => {},
    onAttempt: (name, delivery) => health.note(name, delivery),
  });
  stopping = new AbortController();
  void outbox.run(stopping.signal);
  const showCards = () => void channel.cards.run(stopping.signal);
  const at = (wanted: Method) => calls.filter(([name]) => name === wanted).map(([, when]) => when);
  const setFull = (is: boolean) => {
    full = is;
  };
  const nameChannel = (name: string) => {
    calledBySlack = name;
  };
  return {
    ...{ clock, at, told, showCards, setFull, nameChannel },
    state: (): DaemonState => journal.state(),
    journal,
  };
}

it.each<[Method, string, readonly EventBody[]]>([
  ['conversations.history', 'daemon/a', []],
  ['conversations.replies', 'inc-1/a', [...asking(), shown]],
  ['chat.postMessage', 'daemon/a', []],
])('is patient with %s, and takes being told to wait for no outage', async (method, message, past) => {
  const slack = workspace(method, 4, ...past, queued(message));
  await slack.clock.pass(180_000);
  expect(slack.at(method)).toEqual([0, 30_000, 60_000, 90_000, 120_000]);
  expect(slack.state().messages.get(message)?.deliveredTo).toEqual(['slack']);
  expect(slack.told).toEqual([]);
});

it('is patient with chat.update as well', async () => {
  const slack = workspace('chat.update', 4, ...asking(), shown);
  slack.showCards();
  await slack.clock.pass(180_000);
  expect(slack.at('chat.update')).toEqual([0, 30_000, 60_000, 90_000, 120_000]);
  expect(slack.told).toEqual([]);
});

it('takes a journal that is full for no trouble of Slack, and writes down what is shown when it can', async () => {
  const slack = workspace('chat.update', 0, ...asking(), shown);
  slack.setFull(true);
  slack.showCards();
  await slack.clock.pass(60_000);
  expect([slack.at('chat.update'), slack.told]).toEqual([[0], []]);
  expect(slack.state().cards.get('inc-1')?.face).toBe('old');
  slack.setFull(false);
  await slack.clock.pass(2_000);
  expect(slack.state().cards.get('inc-1')?.face).not.toBe('old');
  expect(slack.at('chat.update')).toEqual([0]);
});

it('posts a card once where Slack calls the channel otherwise than the configuration does, after a start too', async () => {
  const slack = workspace('chat.update', 0, ...asking());
  slack.nameChannel('C2');
  slack.showCards();
  await slack.clock.pass(60_000);
  expect(slack.at('chat.postMessage')).toHaveLength(1);
  expect(slack.state().cards.get('inc-1')).toMatchObject({ channel: 'C2', configured: 'C1' });
  stopping.abort(new Error('over'));
  const later = workspace('chat.update', 0, ...slack.journal.bodies, {
    ...{ kind: 'incident.snoozed', incident: 'inc-1', person: 'bo', until: Date.parse('2027-01-01T00:00:00Z') },
  } as EventBody);
  later.showCards();
  await later.clock.pass(60_000);
  expect(later.at('chat.postMessage')).toHaveLength(0);
  expect(later.at('chat.update').length).toBeGreaterThan(0);
});
