import { afterAll, beforeAll, expect, test } from 'vitest';
import { buttonsOf, type SlackMessage } from '../../../sandbox/servers/slack/message.ts';
import type { Slack } from '../../../sandbox/servers/slack.ts';
import { startSlackFaults } from '../../../sandbox/servers/slack-faults.ts';
import { createWorkspace, type Workspace } from '../../../sandbox/workspace/workspace.ts';
import { approve as approveCommand } from '../../../src/commands/approve.ts';
import { actionIds } from '../../../src/notify/channels/slack/buttons.ts';
import { eventually } from '../../exec/eventually.ts';
import { testSlack } from '../../sandbox/slack/test-slack.ts';
import { type SlackStage, slackStage } from './stage.ts';

const { approve } = actionIds;
const idsOf = (card: SlackMessage) => buttonsOf(card).map(({ action_id }) => action_id);
const answers = (here: SlackStage) =>
  here.events('approval.answered').map(({ person, answer, via }) => `${person} ${answer} (${via})`);

testSlack('while it or the daemon is away', (start) => {
  let workspace: Workspace;
  let slack: Slack;

  beforeAll(async () => {
    workspace = await createWorkspace();
    slack = await start({ workspace });
  }, 60_000);
  afterAll(() => workspace?.[Symbol.asyncDispose]());

  test('started again between the acknowledgement and the first step, it begins what was approved, once, and asks nobody again', async () => {
    await using faults = await startSlackFaults(slack.url);
    const first = await slackStage(slack, { faults, deaf: true });
    await eventually('a connection', () => first.connections.at(-1));
    await first.judge();
    const card = await first.asked();
    await slack.press({ user: slack.people.seniorEngineer, ts: card.ts, actionId: approve });
    await first[Symbol.asyncDispose]();
    expect([answers(first), first.events('run.started')]).toEqual([['linh approved (slack)'], []]);
    const second = await slackStage(slack, { faults, past: first.all() });
    await second.judge();
    await second.incident('watching');
    expect(second.events('run.started')).toHaveLength(1);
    const after = await second.card(({ text }) => text.includes('watched until'));
    expect([after.ts, idsOf(after)]).toEqual([card.ts, []]);
    const questions = (await slack.replies(card.ts)).filter(({ text }) => text.includes('your approval is needed'));
    expect(questions.length).toBeLessThanOrEqual(1);
    await second[Symbol.asyncDispose]();
  });

  test('an approval by the command line while Slack is down is the same record, and the card follows when Slack is back', async () => {
    await using here = await slackStage(slack);
    await eventually('a connection', () => here.connections.at(-1));
    await here.judge();
    const card = await here.asked();
    here.faults.breakDown('*');
    const { id: incident } = await here.incident('awaiting-approval');
    await approveCommand(here.context, here.as('linh'), { incident, revision: 1 });
    await here.incident('watching');
    expect(answers(here)).toEqual(['linh approved (cli)']);
    expect(idsOf(await here.card())).toContain(approve);
    here.faults.heal();
    const after = await here.card(({ text }) => text.includes('watched until'));
    expect([after.ts, idsOf(after)]).toEqual([card.ts, []]);
  });
});
