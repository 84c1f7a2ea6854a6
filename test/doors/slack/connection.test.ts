import { expect, test } from 'vitest';
import { buttonsOf } from '../../../sandbox/servers/slack/message.ts';
import { systemClock } from '../../../src/core/clock.ts';
import { Secret } from '../../../src/core/secret.ts';
import { keepConnected } from '../../../src/doors/slack/socket-mode.ts';
import { actionIds } from '../../../src/notify/channels/slack/buttons.ts';
import { eventually } from '../../exec/eventually.ts';
import type { SlackStage, StageOptions } from './stage.ts';
import { slackSuite } from './suite.ts';

const { approve } = actionIds;

slackSuite('at the other end of a connection', (suite) => {
  const { connected } = suite;

  async function asking(options: StageOptions = {}) {
    const of = await suite.asking(options);
    return { of, card: await of.asked() };
  }

  test('a socket that drops between the record and its acknowledgement loses nothing: what was pressed counts, once', async () => {
    const { of, card } = await asking();
    of.memory.subscribe(({ body }) => {
      if (body.kind === 'approval.answered') of.faults.cutSockets();
    });
    const user = suite.slack.people.seniorEngineer;
    const button = buttonsOf(card).find(({ action_id }) => action_id === approve);
    await suite.slack.press({ user, ts: card.ts, actionId: approve }).catch(() => {});
    await of.incident('watching');
    await of.card(({ text }) => text.includes('watched until'));
    await eventually('it was noticed', () => of.connections.filter((is) => !is).length > 0);
    await connected(of);
    const before = (await suite.slack.whispers(user)).length;
    await suite.slack.press({ user, ts: card.ts, actionId: approve, ...(button && { button }) });
    const told = await eventually('a whisper', async () => (await suite.slack.whispers(user))[before]);
    expect(told.text).toContain('the rollback has begun already');
    expect(of.events('approval.answered')).toHaveLength(1);
    expect(of.events('run.started')).toHaveLength(1);
  });

  test.each([
    ['answers 500', (of: SlackStage) => of.faults.breakDown('apps.connections.open')],
    ['refuses the token', (of: SlackStage) => of.faults.refuse('apps.connections.open', 'invalid_auth')],
    ['limits the rate', (of: SlackStage) => of.faults.rateLimit('apps.connections.open', 1)],
  ])(
    'a Slack that %s when it comes back ends nothing: it is tried until it succeeds, and clicks arrive again',
    async (_how, spoil) => {
      const { of, card } = await asking();
      const opened = of.faults.calls('apps.connections.open').length;
      spoil(of);
      of.faults.cutSockets();
      await eventually('it tries', () => of.faults.calls('apps.connections.open').length >= opened + 2);
      expect(of.connections.at(-1)).toBe(false);
      of.faults.heal();
      await connected(of);
      await suite.slack.press({ user: suite.slack.people.seniorEngineer, ts: card.ts, actionId: approve });
      expect(of.events('approval.answered')).toHaveLength(1);
    },
  );

  test('a second process that is connected as the same application is noticed: clicks may go there', async () => {
    const first = await suite.open();
    await connected(first);
    const warnings: string[] = [];
    const stopping = new AbortController();
    const work = keepConnected(
      {
        appToken: new Secret(suite.slack.appToken),
        apiUrl: suite.slack.apiUrl,
        receive: async () => ({}),
        appId: suite.slack.appId,
        onConnection: () => {},
        onWayIn: () => {},
        onSole: () => {},
        clock: systemClock,
        log: { info: () => {}, warn: (words: string) => void warnings.push(words) } as never,
      },
      stopping.signal,
    );
    await eventually('a warning', () => warnings.length > 0);
    stopping.abort(new Error('over'));
    await work;
    expect(warnings).toEqual([expect.stringContaining('somebody else is connected as this application')]);
  });

  test('a click is acknowledged in time even where Slack answers nothing else', async () => {
    const { of, card } = await asking();
    of.faults.hang('*');
    const began = performance.now();
    await suite.slack.press({ user: suite.slack.people.nobody, ts: card.ts, actionId: approve });
    expect(performance.now() - began).toBeLessThan(3_000);
    expect(of.events('approval.refused')).toHaveLength(1);
  });

  test('a user group gives its role to a person of the configuration, and is asked about once a minute', async () => {
    const groups = [{ id: 'S0SENIORS', role: 'senior-engineer' as const }];
    const of = await suite.open({ door: { groups } });
    of.faults.setUserGroup('S0SENIORS', [suite.slack.people.nobody]);
    await connected(of);
    await of.judge();
    const card = await of.asked();
    await suite.slack.press({ user: suite.slack.people.productOwner, ts: card.ts, actionId: approve });
    expect(of.events('approval.answered')).toEqual([]);
    await suite.slack.press({ user: suite.slack.people.nobody, ts: card.ts, actionId: approve });
    expect(of.events('approval.answered')).toEqual([
      expect.objectContaining({ person: 'an', role: 'senior-engineer' }),
    ]);
    expect(of.faults.calls('usergroups.users.list')).toHaveLength(1);
  });

  test.each([
    ['refuses', (of: SlackStage) => of.faults.refuse('usergroups.users.list', 'missing_scope')],
    ['hangs', (of: SlackStage) => of.faults.hang('usergroups.users.list')],
  ])('a user group that cannot be read has no members: Slack %s', async (_how, spoil) => {
    const { of, card } = await asking({ door: { groups: [{ id: 'S0SENIORS', role: 'senior-engineer' }] } });
    of.faults.setUserGroup('S0SENIORS', [suite.slack.people.nobody]);
    spoil(of);
    const began = performance.now();
    await suite.slack.press({ user: suite.slack.people.nobody, ts: card.ts, actionId: approve });
    expect(performance.now() - began).toBeLessThan(3_000);
    expect(of.events('approval.answered')).toEqual([]);
    expect(of.events('approval.refused')).toEqual([expect.objectContaining({ person: 'an' })]);
  });
});
