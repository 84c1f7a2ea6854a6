import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { buttonsOf } from '../../sandbox/servers/slack/message.ts';
import type { Slack } from '../../sandbox/servers/slack.ts';
import { type SlackFaults, startSlackFaults } from '../../sandbox/servers/slack-faults.ts';
import { createWorkspace, type Workspace } from '../../sandbox/workspace/workspace.ts';
import { connectTo } from '../../src/doors/socket/client.ts';
import { actionIds } from '../../src/notify/channels/slack/buttons.ts';
import { asking } from '../commands/fixture.ts';
import { eventually } from '../exec/eventually.ts';
import { testSlack } from '../sandbox/slack/test-slack.ts';
import { type DaemonProcess, linesOf, startDaemonProcess } from './daemon-process.ts';
import { type DeadTarget, deadTarget } from './dead-target.ts';
import { eventsOf, prepareJournal } from './journal-of.ts';

const { approve } = actionIds;
const killedDoor = join(import.meta.dirname, '../doors/slack/killed-door.ts');

testSlack('of a daemon that runs, and that is killed', (start) => {
  let workspace: Workspace;
  let slack: Slack;
  let faults: SlackFaults;
  let target: DeadTarget;

  beforeAll(async () => {
    workspace = await createWorkspace();
  }, 60_000);
  afterAll(() => workspace?.[Symbol.asyncDispose]());

  beforeEach(async () => {
    slack = await start({ workspace });
    faults = await startSlackFaults(slack.url);
    target = await deadTarget({
      'notify.slack': { botToken: slack.botToken, channel: slack.channel, apiUrl: faults.apiUrl, timeout: '2s' },
      'doors.slack': { teamId: slack.teamId, appId: slack.appId, socketMode: { appToken: slack.appToken } },
      people: [
        { name: 'linh', roles: ['senior-engineer'], uid: process.getuid?.() ?? 0, slack: slack.people.seniorEngineer },
      ],
    });
    prepareJournal(target.journal, ...asking());
  });
  afterEach(async () => {
    target?.[Symbol.dispose]();
    await faults?.[Symbol.asyncDispose]();
    await slack?.stop();
  });

  async function running(): Promise<DaemonProcess> {
    const daemon = await startDaemonProcess(target.configFile);
    await daemon.says('connected to Slack');
    return daemon;
  }

  const client = () => connectTo(target.socket, new AbortController().signal);
  const cards = async () =>
    (await slack.messages()).filter(({ blocks }) => JSON.stringify(blocks ?? []).includes('inc-1'));
  const card = (hasButton: boolean) =>
    eventually(`a card ${hasButton ? 'with' : 'without'} its button`, async () => {
      const [found] = await cards();
      const has = found && buttonsOf(found).some(({ action_id }) => action_id === approve);
      return found && has === hasButton && found;
    });
  const press = (ts: string) => slack.press({ user: slack.people.seniorEngineer, ts, actionId: approve });
  const answers = () => eventsOf(target.journal, 'approval.answered').map(({ person, via }) => `${person} via ${via}`);

  async function killed(daemon: DaemonProcess): Promise<void> {
    daemon.kill('SIGKILL');
    await daemon.ended;
  }

  test('killed between a click and its record, it has heard nothing: the question stands, and the next click counts', async () => {
    const first = await running();
    const asked = await card(true);
    // It is given the click, and does not come to read it.
    first.kill('SIGSTOP');
    const pressed = press(asked.ts).catch(() => {});
    await eventually('the click has been sent', () => faults.clicksPassedOn === 1);
    await killed(first);
    await pressed;
    expect(answers()).toEqual([]);
    await using second = await running();
    await press((await card(true)).ts);
    await card(false);
    expect(await cards()).toHaveLength(1);
    expect(await second.stop()).toBe(0);
    expect(answers()).toEqual(['linh via slack']);
  });

  test('killed between the record and its acknowledgement, the click counts all the same, and once', async () => {
    await using first = await running();
    const asked = await card(true);
    expect(await first.stop()).toBe(0);
    const door = spawn(process.execPath, [killedDoor, target.configFile, target.journal, 'at-record']);
    const ended = once(door, 'close');
    await once(door.stdout, 'data');
    await press(asked.ts).catch(() => {});
    expect((await ended)[1]).toBe('SIGKILL');
    expect(answers()).toEqual(['linh via slack']);
    await using second = await running();
    await card(false);
    expect((await client().status()).incident).toMatchObject({ id: 'inc-1', status: 'approved' });
    const again = { action_id: approve, ...buttonsOf(asked).find(({ action_id }) => action_id === approve) };
    await slack.press({ user: slack.people.seniorEngineer, ts: asked.ts, actionId: approve, button: again });
    const told = await eventually('a whisper', async () => (await slack.whispers(slack.people.seniorEngineer))[0]);
    expect(told.text).toContain('linh approved it already');
    expect(await second.stop()).toBe(0);
    expect(answers()).toEqual(['linh via slack']);
  });

  test('killed between the acknowledgement and the first step, it knows what was approved, and the card is brought up to date', async () => {
    const first = await running();
    await press((await card(true)).ts);
    await killed(first);
    expect([answers(), eventsOf(target.journal, 'run.started')]).toEqual([['linh via slack'], []]);
    await using second = await running();
    await card(false);
    // The target is dead, so that it cannot begin: that it would is proven in test/doors/slack/without-slack.test.ts.
    expect((await client().status()).incident).toMatchObject({
      status: 'approved',
      waitsFor: 'the rollback that linh approved to begin',
    });
    expect(await cards()).toHaveLength(1);
    expect(await second.stop()).toBe(0);
  });

  test('a reload takes another token and other people, and clicks go on meaning what they say', async () => {
    await using daemon = await running();
    const asked = await card(true);
    target.configure({
      'notify.slack': { botToken: `${slack.botToken}-2`, channel: slack.channel, apiUrl: faults.apiUrl },
      'doors.slack': { teamId: slack.teamId, appId: slack.appId, socketMode: { appToken: slack.appToken } },
      people: [
        { name: 'linh', roles: ['senior-engineer'], uid: process.getuid?.() ?? 0 },
        { name: 'thao', roles: ['on-call-lead'], slack: slack.people.technicalLead },
      ],
    });
    daemon.kill('SIGHUP');
    await daemon.says('the configuration was read again');
    await press(asked.ts);
    const told = await eventually('a whisper', async () => (await slack.whispers(slack.people.seniorEngineer))[0]);
    expect(told.text).toContain('ask linh (senior-engineer), or thao (on-call-lead)');
    await slack.press({ user: slack.people.technicalLead, ts: asked.ts, actionId: approve });
    await card(false);
    expect(await daemon.stop()).toBe(0);
    expect(answers()).toEqual(['thao via slack']);
  });

  test('an application that is not the configured one is told, and stays known after a reload', async () => {
    const linh = { uid: process.getuid?.() ?? 0, slack: slack.people.seniorEngineer };
    const people = [{ name: 'linh', roles: ['senior-engineer'], ...linh }];
    const notify = { botToken: slack.botToken, channel: slack.channel, apiUrl: faults.apiUrl };
    const door = { teamId: slack.teamId, appId: 'A0ANOTHER', socketMode: { appToken: slack.appToken } };
    target.configure({ 'notify.slack': notify, 'doors.slack': door, people });
    await using daemon = await startDaemonProcess(target.configFile);
    const shown = await card(true);
    // The stand-in does not say whose a connection is: a click does.
    await press(shown.ts);
    await daemon.says('answers in Slack do not arrive');
    target.configure({ 'notify.slack': { ...notify, timeout: '3s' }, 'doors.slack': door, people });
    daemon.kill('SIGHUP');
    await daemon.says('the configuration was read again');
    const known = await eventually('it is known', async () => {
      const { failingChannels } = await client().status();
      return failingChannels.find(({ channel }) => channel === 'slack-answers');
    });
    expect(known.reason).toContain('A0ANOTHER');
    expect(await daemon.stop()).toBe(0);
  });

  test('that answers do not arrive is told once, and its end too, whatever was reloaded in between', async () => {
    faults.refuse('apps.connections.open', 'invalid_auth');
    await using daemon = await startDaemonProcess(target.configFile);
    await daemon.says('answers in Slack do not arrive');
    target.configure({
      'notify.slack': { botToken: slack.botToken, channel: slack.channel, apiUrl: faults.apiUrl, timeout: '3s' },
      'doors.slack': { teamId: slack.teamId, appId: slack.appId, socketMode: { appToken: slack.appToken } },
      people: [
        { name: 'linh', roles: ['senior-engineer'], uid: process.getuid?.() ?? 0, slack: slack.people.seniorEngineer },
      ],
    });
    daemon.kill('SIGHUP');
    await daemon.says('the configuration was read again');
    faults.heal();
    await daemon.says('answers in Slack arrive again');
    const { failingChannels } = await client().status();
    expect(failingChannels.map(({ channel }) => channel)).not.toContain('slack-answers');
    expect(await daemon.stop()).toBe(0);
    const subjects = eventsOf(target.journal, 'message.queued').map(({ subject }) => subject);
    expect(subjects.filter((subject) => subject.startsWith('answers in Slack'))).toEqual([
      'answers in Slack do not arrive',
      'answers in Slack arrive again',
    ]);
  });

  test('another app token needs a restart, and that is told: the connection was opened with the old one', async () => {
    await using daemon = await running();
    target.configure({
      'notify.slack': { botToken: slack.botToken, channel: slack.channel, apiUrl: faults.apiUrl },
      'doors.slack': { teamId: slack.teamId, appId: slack.appId, socketMode: { appToken: `${slack.appToken}-2` } },
      'people.0.slack': slack.people.seniorEngineer,
    });
    daemon.kill('SIGHUP');
    const { faults: told } = await daemon.says('the configuration needs a restart');
    expect(told).toEqual(['doors can only be changed by a restart']);
    expect(await daemon.stop()).toBe(0);
  });

  test('a revoked app token is told: the buttons do nothing, the card says so until they do again', async () => {
    faults.refuse('apps.connections.open', 'invalid_auth');
    await using daemon = await startDaemonProcess(target.configFile);
    await daemon.says('answers in Slack do not arrive');
    const lost = linesOf(daemon.output()).find(({ msg }) => msg === 'answers in Slack do not arrive');
    expect(lost).toMatchObject({ level: 50, text: expect.stringContaining('doors.slack.socketMode.appToken') });
    const status = await client().status();
    expect(status.slackConnected).toBe(false);
    expect(status.failingChannels.map(({ channel }) => channel)).toContain('slack-answers');
    const saysSo = (found: boolean) =>
      eventually(`a card that ${found ? 'says' : 'does not say'} so`, async () => {
        const [shown] = await cards();
        return shown && JSON.stringify(shown.blocks).includes('THE BUTTONS DO NOTHING') === found;
      });
    await saysSo(true);
    faults.heal();
    await daemon.says('answers in Slack arrive again');
    await saysSo(false);
    await press((await card(true)).ts);
    expect(await daemon.stop()).toBe(0);
    expect(answers()).toEqual(['linh via slack']);
  });

  test('a revoked token is told in the log, in the status and in the metrics; the command line still answers', async () => {
    faults.refuse('chat.postMessage', 'token_revoked');
    await using daemon = await running();
    await daemon.says('slack takes no messages');
    expect(linesOf(daemon.output()).find(({ msg }) => msg === 'slack takes no messages')).toMatchObject({ level: 50 });
    const status = await client().status();
    expect(status.slackConnected).toBe(true);
    expect(status.failingChannels.find(({ channel }) => channel === 'slack')?.reason).toContain('token_revoked');
    const metrics = await (await fetch(`${target.http}/metrics`)).text();
    expect(metrics).toContain('rollbackd_channel_failing{channel="slack"} 1');
    expect(metrics).toContain('rollbackd_slack_connected 1');
    await client().command('approve', { incident: 'inc-1', revision: 1 });
    faults.heal();
    await card(false);
    await daemon.says('slack takes messages again');
    expect(await daemon.stop()).toBe(0);
    expect(answers()).toEqual(['linh via cli']);
    const everything = [daemon.output(), JSON.stringify(status), metrics, readFileSync(target.journal, 'latin1')].join(
      '\n',
    );
    expect([slack.botToken, slack.appToken].filter((secret) => everything.includes(secret))).toEqual([]);
  });
});
