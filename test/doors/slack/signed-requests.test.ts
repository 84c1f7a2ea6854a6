import { createHmac } from 'node:crypto';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { buttonsOf } from '../../../sandbox/servers/slack/message.ts';
import type { Slack } from '../../../sandbox/servers/slack.ts';
import { createWorkspace, type Workspace } from '../../../sandbox/workspace/workspace.ts';
import { Secret } from '../../../src/core/secret.ts';
import type { Tier } from '../../../src/model/tier.ts';
import { actionIds } from '../../../src/notify/channels/slack/buttons.ts';
import { eventually } from '../../exec/eventually.ts';
import { testSlack } from '../../sandbox/slack/test-slack.ts';
import { type SlackStage, slackStage } from './stage.ts';

const path = '/slack/actions';

testSlack('by signed requests to the door', (start) => {
  let workspace: Workspace;
  let slack: Slack;
  let port: number;
  let stage: SlackStage;

  beforeAll(async () => {
    workspace = await createWorkspace();
    port = await workspace.freePort();
    slack = await start({ workspace, requestUrl: `http://127.0.0.1:${port}${path}` });
  }, 60_000);
  afterAll(() => workspace?.[Symbol.asyncDispose]());
  afterEach(() => stage?.[Symbol.asyncDispose]());

  async function asking(tier: Tier = 'critical') {
    const request = { signingSecret: new Secret(slack.signingSecret), host: '127.0.0.1', port, path };
    stage = await slackStage(slack, { door: { request }, tier });
    await stage.judge();
    const card = await stage.asked();
    const [button] = buttonsOf(card).filter(({ action_id }) => action_id === actionIds.approve);
    const payload = {
      type: 'block_actions',
      team: { id: slack.teamId },
      api_app_id: slack.appId,
      user: { id: slack.people.seniorEngineer },
      trigger_id: 't',
      container: { channel_id: slack.channel, message_ts: card.ts },
      actions: [button],
    };
    return { card, payload, body: bodyOf(payload) };
  }

  const bodyOf = (payload: object) => new URLSearchParams({ payload: JSON.stringify(payload) }).toString();

  interface Signing {
    readonly at?: number;
    readonly secret?: string;
    readonly signed?: string;
    readonly headers?: Readonly<Record<string, string>>;
  }

  /** As Slack would send it, or as somebody would like it to look. */
  async function send(body: string, { at = Date.now(), secret, signed = body, headers = {} }: Signing = {}) {
    const timestamp = String(Math.floor(at / 1_000));
    const hmac = createHmac('sha256', secret ?? slack.signingSecret).update(`v0:${timestamp}:${signed}`);
    const response = await fetch(`http://127.0.0.1:${port}${path}`, {
      method: 'POST',
      body,
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        'x-slack-request-timestamp': timestamp,
        'x-slack-signature': `v0=${hmac.digest('hex')}`,
        ...headers,
      },
    });
    return response.status;
  }

  const answered = () => stage.events('approval.answered').length;

  test("a press arrives, is recorded before it is acknowledged, and opens the form for a rejection's reason", async () => {
    const { card } = await asking();
    await slack.press({ user: slack.people.seniorEngineer, ts: card.ts, actionId: actionIds.reject });
    await eventually('the form', async () => (await slack.openViews()).length === 1);
    const values = { reason: { text: 'not now' } };
    expect(await slack.submitView({ user: slack.people.seniorEngineer, values })).toEqual({ closed: true });
    expect(stage.events('approval.answered')).toEqual([
      expect.objectContaining({ answer: 'rejected', reason: 'not now', via: 'slack' }),
    ]);
  });

  test('a signature by another secret, over another body or none at all changes nothing', async () => {
    const { body } = await asking();
    expect(await send(body, { secret: 'another' })).toBe(401);
    expect(await send(body, { signed: `${body} ` })).toBe(401);
    expect(await send(body, { headers: { 'x-slack-signature': 'v0=' } })).toBe(401);
    expect(await send(body, { headers: { 'x-slack-signature': '' } })).toBe(401);
    expect(await send(body, { headers: { 'x-slack-request-timestamp': 'now' } })).toBe(401);
    expect(answered()).toBe(0);
    expect(await send(body)).toBe(200);
    expect(answered()).toBe(1);
  });

  test.each([-301_000, 302_000])(
    'a request signed %i ms from now is refused, however well it is signed',
    async (off) => {
      const { body } = await asking();
      expect(await send(body, { at: Date.now() + off })).toBe(401);
      expect(answered()).toBe(0);
    },
  );

  test('the same request once more is answered and does nothing, nor is anybody told anything', async () => {
    const { body } = await asking();
    const at = Date.now();
    expect([await send(body, { at }), await send(body, { at }), await send(body, { at })]).toEqual([200, 200, 200]);
    expect([answered(), stage.events('approval.refused').length]).toEqual([1, 0]);
    expect(stage.faults.calls('chat.postEphemeral')).toEqual([]);
  });

  test('the same click signed anew is refused by the record, not by memory alone', async () => {
    const { body } = await asking();
    await send(body);
    await stage.incident('watching');
    expect(await send(body, { at: Date.now() + 1_000 })).toBe(200);
    expect([answered(), stage.events('approval.refused').length]).toEqual([1, 1]);
    expect(stage.events('run.started')).toHaveLength(1);
  });

  test('of two people who press within ten milliseconds the first wins, and the other is refused', async () => {
    const { payload } = await asking('severe');
    const { engineeringManager, technicalLead } = slack.people;
    const sentAt: number[] = [];
    const pressedBy = (id: string) => {
      sentAt.push(performance.now());
      return send(bodyOf({ ...payload, user: { id } }));
    };
    const presses = [pressedBy(engineeringManager), pressedBy(technicalLead)];
    const [first = 0, second = 0] = sentAt;
    expect(second - first).toBeLessThan(10);
    expect(await Promise.all(presses)).toEqual([200, 200]);
    await stage.incident('watching');
    await eventually('a refusal', () => stage.events('approval.refused').length === 1);
    expect([answered(), stage.events('run.started').length]).toEqual([1, 1]);
  });

  test.each([{ team: { id: 'T0ANOTHER' } }, { team: null }])(
    'a click of another workspace, or of none, is answered and means nothing: %o',
    async (other) => {
      const { payload } = await asking();
      const before = stage.deeds();
      expect(await send(bodyOf({ ...payload, ...other }))).toBe(200);
      expect([stage.deeds(), stage.faults.calls('chat.postEphemeral')]).toEqual([before, []]);
    },
  );

  test.each([{ team: { id: 'T0ANOTHER' } }, { api_app_id: 'A0ANOTHER' }])(
    'a form from elsewhere is answered and rejects nothing, and one of ours counts once, however often it is sent: %o',
    async (other) => {
      const { payload } = await asking();
      const seen = JSON.parse(payload.actions[0]?.value ?? '');
      const view = {
        callback_id: 'rollbackd.reject-reason',
        private_metadata: JSON.stringify({ seen, channel: slack.channel }),
        state: { values: { reason: { text: { value: 'not now' } } } },
      };
      const { team, api_app_id, user } = payload;
      const form = { type: 'view_submission', team, api_app_id, user, view };
      const before = stage.deeds();
      expect(await send(bodyOf({ ...form, ...other }))).toBe(200);
      expect(stage.deeds()).toEqual(before);
      expect(await send(bodyOf(form))).toBe(200);
      expect(await send(bodyOf(form), { at: Date.now() + 1_000 })).toBe(200);
      expect(stage.events('approval.refused')).toHaveLength(1);
      expect(stage.events('approval.answered')).toEqual([expect.objectContaining({ answer: 'rejected' })]);
    },
  );

  test('what is not signed makes one line of the log a minute, and a click of an unknown shape one that names its fields', async () => {
    const { payload, body } = await asking();
    for (let time = 0; time < 5; time++) await send(body, { secret: 'another' });
    await send(bodyOf({ ...payload, team: null }));
    expect(stage.warnings).toEqual([
      [{ from: '127.0.0.1', reason: 'its signature is wrong', requests: 1 }, 'what is not from Slack was refused'],
      [{ fields: ['team'] }, 'a click of an unknown shape was ignored'],
    ]);
  });

  test('a request with a good signature proves that Slack can reach it, a click of ours that answers arrive', async () => {
    const { body } = await asking();
    expect([stage.requests.length, stage.wayIn]).toEqual([0, []]);
    await send(body, { secret: 'another' });
    expect(stage.requests).toHaveLength(0);
    await send(body);
    expect([stage.requests.length, stage.wayIn]).toEqual([1, [{ outcome: 'delivered' }]]);
  });

  test('what is no click is answered and ignored', async () => {
    await asking();
    const before = stage.deeds();
    for (const body of ['', 'payload=', 'payload=[]', 'payload={"type":"block_actions"}', 'ssl_check=1']) {
      expect(await send(body)).toBe(200);
    }
    expect(stage.deeds()).toEqual(before);
  });
});
