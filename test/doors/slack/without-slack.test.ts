import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buttonsOf, type SlackMessage } from '../../../sandbox/servers/slack/message.ts';
import type { Slack } from '../../../sandbox/servers/slack.ts';
import { startSlackFaults } from '../../../sandbox/servers/slack-faults.ts';
import { createWorkspace, type Workspace } from '../../../sandbox/workspace/workspace.ts';
import { approve as approveCommand } from '../../../src/commands/approve.ts';
import { actionIds } from '../../../src/notify/channels/slack/buttons.ts';
import { deadTarget } from '../../daemon/dead-target.ts';
import { journalled, prepareJournal } from '../../daemon/journal-of.ts';
import { eventually } from '../../exec/eventually.ts';
import { testSlack } from '../../sandbox/slack/test-slack.ts';
import { type SlackStage, slackStage } from './stage.ts';

const { approve } = actionIds;
const killedDoor = join(import.meta.dirname, 'killed-door.ts');
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

  test('killed between the acknowledgement and the first step, it begins what was approved after its restart, once, and asks nobody again', async () => {
    await using faults = await startSlackFaults(slack.url);
    const first = await slackStage(slack, { faults });
    await first.judge();
    const card = await first.asked();
    await first[Symbol.asyncDispose]();
    using target = await deadTarget({
      'notify.slack': { botToken: slack.botToken, channel: slack.channel, apiUrl: faults.apiUrl },
      'doors.slack': { teamId: slack.teamId, appId: slack.appId, socketMode: { appToken: slack.appToken } },
      people: [
        { name: 'linh', roles: ['senior-engineer'], uid: process.getuid?.() ?? 0, slack: slack.people.seniorEngineer },
      ],
    });
    prepareJournal(target.journal, ...first.all());
    const door = spawn(process.execPath, [killedDoor, target.configFile, target.journal]);
    const ended = once(door, 'close');
    await once(door.stdout, 'data');
    // Returns once it has been acknowledged.
    await slack.press({ user: slack.people.seniorEngineer, ts: card.ts, actionId: approve });
    door.kill('SIGKILL');
    expect((await ended)[1]).toBe('SIGKILL');
    const past = journalled(target.journal);
    const kinds = past.map(({ kind }) => kind);
    expect([kinds.includes('approval.answered'), kinds.includes('run.started')]).toEqual([true, false]);
    await using second = await slackStage(slack, { faults, past });
    await second.judge();
    await second.incident('watching');
    expect(answers(second)).toEqual(['linh approved (slack)']);
    expect(second.events('run.started')).toHaveLength(1);
    const after = await second.card(({ text }) => text.includes('watched until'));
    expect([after.ts, idsOf(after)]).toEqual([card.ts, []]);
    const questions = (await slack.replies(card.ts)).filter(({ text }) => text.includes('your approval is needed'));
    expect(questions.length).toBeLessThanOrEqual(1);
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
