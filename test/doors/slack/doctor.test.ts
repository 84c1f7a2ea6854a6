import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Slack } from '../../../sandbox/servers/slack.ts';
import { type SlackFaults, startSlackFaults } from '../../../sandbox/servers/slack-faults.ts';
import { createWorkspace, type Workspace } from '../../../sandbox/workspace/workspace.ts';
import { Secret } from '../../../src/core/secret.ts';
import type { SlackDoorConfig } from '../../../src/doors/schema.ts';
import { examineSlack, type SlackFinding, type SlackSettings } from '../../../src/doors/slack/doctor.ts';
import { rollbackd } from '../../cli/command-line.ts';
import { deadTarget } from '../../daemon/dead-target.ts';
import { testSlack } from '../../sandbox/slack/test-slack.ts';
import { people } from './people.ts';

testSlack('under the eyes of the doctor', (start) => {
  let workspace: Workspace;
  let slack: Slack;
  let faults: SlackFaults;

  beforeAll(async () => {
    workspace = await createWorkspace();
    slack = await start({ workspace });
  }, 60_000);
  afterAll(() => workspace?.[Symbol.asyncDispose]());
  beforeEach(async () => {
    faults = await startSlackFaults(slack.url);
    faults.setUserGroup('S0SENIORS', [slack.people.seniorEngineer]);
  });
  afterEach(() => faults?.[Symbol.asyncDispose]());

  const settings = (door: Partial<SlackDoorConfig> = {}): SlackSettings => ({
    slack: { botToken: new Secret(slack.botToken), channel: slack.channel, apiUrl: faults.apiUrl, timeout: 2_000 },
    door: {
      teamId: slack.teamId,
      appId: slack.appId,
      socketMode: { appToken: new Secret(slack.appToken) },
      groups: [{ id: 'S0SENIORS', role: 'senior-engineer' }],
      ...door,
    },
    people,
  });
  const faultsIn = (findings: readonly SlackFinding[]) =>
    findings.flatMap(({ outcome, what, text }) => (outcome === 'fault' ? [`${what}: ${text}`] : []));

  test('where all is well it says so of each thing, posts nothing and takes no connection', async () => {
    const findings = await examineSlack(settings());
    expect(faultsIn(findings)).toEqual([]);
    const seen = findings.filter(({ outcome }) => outcome === 'well').map(({ what }) => what);
    expect(new Set(seen)).toEqual(
      new Set(['token', 'workspace', 'application', 'channel', 'app token', 'group', 'person']),
    );
    expect(findings.find(({ what }) => what === 'group')?.text).toContain('1 members');
    expect([faults.calls('chat.postMessage'), faults.openSockets]).toEqual([[], 0]);
  });

  test('the token of another application than the configured one is a fault, as far as Slack tells', async () => {
    const [found] = faultsIn(await examineSlack(settings({ appId: 'A0ANOTHER' })));
    expect(found).toContain(
      'application: clicks come from the application A0ROLLBACKD, but doors.slack.appId is A0ANOTHER',
    );
    faults.refuse('bots.info', 'missing_scope');
    expect(faultsIn(await examineSlack(settings({ appId: 'A0ANOTHER' })))).toEqual([]);
  });

  test('a token that is not good any more is all it has to say', async () => {
    faults.refuse('auth.test', 'token_revoked');
    expect(await examineSlack(settings())).toEqual([
      {
        outcome: 'fault',
        what: 'token',
        text: expect.stringMatching(/token_revoked\. Next: give notify\.slack\.botToken/),
      },
    ]);
  });

  test.each<[string, string, (of: SlackFaults) => void]>([
    [
      'a channel that it is not in',
      'channel: C0INCIDENTS: Slack says not_in_channel. Next: invite',
      (of) => of.refuse('conversations.history', 'not_in_channel'),
    ],
    [
      'an app token without its right',
      'app token: Slack says missing_scope. Next: give doors.slack',
      (of) => of.refuse('apps.connections.open', 'missing_scope'),
    ],
    [
      'a group that there is not',
      'group: S0SENIORS (senior-engineer) cannot be read',
      (of) => of.refuse('usergroups.users.list', 'no_such_subteam'),
    ],
    [
      'a person that there is not',
      'person: linh (U0SENIORENG): Slack says user_not_found',
      (of) => of.refuse('users.info', 'user_not_found', 1),
    ],
  ])('%s is a fault, with what to do', async (_what, words, spoil) => {
    spoil(faults);
    const found = faultsIn(await examineSlack(settings()));
    expect(found).toEqual([expect.stringContaining(words)]);
    expect(found[0]).toMatch(/Next:|no_such_subteam/);
  });

  test('a token of another workspace is a fault: every click would be refused', async () => {
    expect(faultsIn(await examineSlack(settings({ teamId: 'T0ANOTHER' })))).toEqual([
      expect.stringContaining('the token belongs to T0SUPERKAFE, but doors.slack.teamId is T0ANOTHER'),
    ]);
  });

  test('what takes rights that the daemon does not need is unknown, and no fault', async () => {
    faults.refuse('users.info', 'missing_scope');
    faults.refuse('conversations.info', 'missing_scope');
    const findings = await examineSlack(settings());
    expect(faultsIn(findings)).toEqual([]);
    expect(findings.filter(({ outcome, what }) => outcome === 'unknown' && what === 'person')).toHaveLength(
      people.length,
    );
  });

  test('the command line gives 0 where all is well, else 1, and shows no token', async () => {
    using target = await deadTarget({
      'notify.slack': { botToken: slack.botToken, channel: slack.channel, apiUrl: faults.apiUrl },
      'doors.slack': { teamId: slack.teamId, appId: slack.appId, socketMode: { appToken: slack.appToken } },
      'people.0.slack': slack.people.seniorEngineer,
    });
    const fine = await rollbackd(['doctor', 'slack', '--config', target.configFile]);
    expect([fine.code, fine.err]).toEqual([0, '']);
    faults.refuse('conversations.history', 'channel_not_found');
    const ill = await rollbackd(['doctor', 'slack', '--config', target.configFile]);
    expect(ill.code).toBe(1);
    expect(ill.out).toMatch(/^FAULT +channel +C0INCIDENTS: Slack says channel_not_found\. Next: /m);
    expect(fine.out + ill.out).not.toContain(slack.botToken);
  });

  test('without Slack in the configuration it says where to begin', async () => {
    using target = await deadTarget();
    const { code, err } = await rollbackd(['doctor', 'slack', '--config', target.configFile]);
    expect([code, err]).toEqual([1, expect.stringContaining('has no notify.slack')]);
  });
});
