import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { buttonsOf, type SlackMessage } from '../../../sandbox/servers/slack/message.ts';
import type { Slack } from '../../../sandbox/servers/slack.ts';
import { createWorkspace, type Workspace } from '../../../sandbox/workspace/workspace.ts';
import { eventually } from '../../exec/eventually.ts';
import { testSlack } from '../../sandbox/slack/test-slack.ts';
import { type SlackStage, slackStage } from './stage.ts';

testSlack('as the place where people answer', (start) => {
  let workspace: Workspace;
  let slack: Slack;
  let stage: SlackStage;

  beforeAll(async () => {
    workspace = await createWorkspace();
    slack = await start({ workspace });
  }, 60_000);
  afterAll(() => workspace?.[Symbol.asyncDispose]());

  beforeEach(async () => {
    stage = await slackStage(slack);
    await eventually('a connection', () => stage.connections.at(-1));
    await stage.judge();
  });
  afterEach(() => stage?.[Symbol.asyncDispose]());

  const approve = 'rollbackd.approve';
  const buttons = (card: SlackMessage) => buttonsOf(card).map(({ action_id }) => action_id);
  const asked = () =>
    eventually('a card that asks', async () => {
      const card = stage.memory.state().cards.size > 0 ? await stage.card() : undefined;
      return card && buttons(card).includes(approve) ? card : undefined;
    });

  test('the press of a person with the role rolls back, the card shows it and loses its buttons, each step is a line', async () => {
    const card = await asked();
    await slack.press({ user: slack.people.seniorEngineer, ts: card.ts, actionId: approve });
    expect(stage.events('approval.answered')).toEqual([
      expect.objectContaining({ person: 'linh', role: 'senior-engineer', via: 'slack', answer: 'approved' }),
    ]);
    await stage.incident('watching');
    const [run] = stage.events('run.started');
    expect(run).toMatchObject({ authority: { by: 'approval', people: ['linh'] }, plan: { kind: 'rollback' } });
    const steps = run?.plan.steps ?? [];
    const lines = await eventually('a line for each step', async () => {
      const texts = (await slack.replies(card.ts)).map(({ text }) => text);
      return texts.filter((text) => /^\d+\/\d+ /.test(text)).length === steps.length && texts;
    });
    expect(lines.filter((text) => text.startsWith(`${steps.length}/${steps.length} `))).toHaveLength(1);
    expect(lines[0]).toContain('unavailable (critical)');
    expect(lines[1]).toContain(`<@${slack.people.seniorEngineer}>`);
    const after = await eventually('the card shows it', async () => {
      const now = await stage.card();
      return now.text.includes('watched until') && now;
    });
    expect(after.ts).toBe(card.ts);
    expect(buttons(after)).toEqual([]);
    expect(await slack.messages()).toHaveLength(1);
  });
});
