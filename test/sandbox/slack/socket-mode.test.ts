import { SocketModeClient } from '@slack/socket-mode';
import { LogLevel, WebClient } from '@slack/web-api';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { SlackButton } from '../../../sandbox/servers/slack/message.ts';
import type { Slack } from '../../../sandbox/servers/slack.ts';
import { createWorkspace, type Workspace } from '../../../sandbox/workspace/workspace.ts';
import { postQuestion, reasonForm } from './question.ts';
import { testSlack } from './test-slack.ts';

interface Delivered {
  readonly type: string;
  readonly trigger_id: string;
  readonly team: { readonly id: string };
  readonly api_app_id: string;
  readonly user: { readonly id: string };
  readonly container?: { readonly message_ts: string; readonly channel_id: string };
  readonly actions?: readonly SlackButton[];
  readonly view?: { readonly state: { readonly values: Record<string, Record<string, { value: string | null }>> } };
}

interface SlackEvent {
  readonly body: Delivered;
  readonly ack: (response?: object) => Promise<void>;
}

testSlack('over Socket Mode', (start) => {
  let workspace: Workspace;
  let slack: Slack;
  let web: WebClient;
  let socket: SocketModeClient;
  let delivered: Delivered[];

  /** Opens a form at `reject`, refuses the reason `because`, locks the message with everything else. */
  const react = async ({ body, ack }: SlackEvent): Promise<void> => {
    delivered.push(body);
    const why = body.view?.state.values.reason?.text?.value;
    if (why === 'because') return ack({ response_action: 'errors', errors: { reason: 'Say more' } });
    await ack();
    if (body.actions?.[0]?.action_id === 'reject') {
      await web.views.open({ trigger_id: body.trigger_id, view: reasonForm });
    } else if (body.container) {
      const { channel_id: channel, message_ts: ts } = body.container;
      await web.chat.update({ channel, ts, text: `Approved by <@${body.user.id}>`, blocks: [] });
    }
  };

  beforeAll(async () => {
    workspace = await createWorkspace();
    slack = await start({ workspace });
    const clientOptions = { slackApiUrl: slack.apiUrl };
    web = new WebClient(slack.botToken, { ...clientOptions, logLevel: LogLevel.ERROR });
    socket = new SocketModeClient({ appToken: slack.appToken, logLevel: LogLevel.ERROR, clientOptions });
    delivered = [];
    socket.on('slack_event', react);
    await socket.start();
  }, 60_000);

  afterAll(async () => {
    await socket?.disconnect();
    await workspace?.[Symbol.asyncDispose]();
  });

  test('tells the application who it is', async () => {
    expect(await web.auth.test()).toMatchObject({ ok: true, team_id: slack.teamId, user_id: slack.botUserId });
  });

  test('a press reaches the application with who, where and what, is acknowledged, and the message is locked', async () => {
    const ts = await postQuestion(web, slack.channel);
    expect(await slack.messages()).toContainEqual(expect.objectContaining({ ts, text: 'Roll back?' }));
    await slack.press({ user: slack.people.seniorEngineer, ts, actionId: 'approve' });
    expect(delivered.at(-1)).toMatchObject({
      type: 'block_actions',
      team: { id: slack.teamId },
      api_app_id: slack.appId,
      user: { id: slack.people.seniorEngineer },
      container: { message_ts: ts, channel_id: slack.channel },
      actions: [{ action_id: 'approve', block_id: 'answer', value: 'incident-1:approve' }],
    });
    await expect
      .poll(async () => (await slack.messages()).find((each) => each.ts === ts))
      .toMatchObject({
        text: `Approved by <@${slack.people.seniorEngineer}>`,
        blocks: [],
      });
  });

  test('a button that is gone can only be pressed by somebody who still sees it', async () => {
    const ts = await postQuestion(web, slack.channel);
    await web.chat.update({ channel: slack.channel, ts, text: 'Too late', blocks: [] });
    const late = { user: slack.people.technicalLead, ts, actionId: 'approve' };
    await expect(slack.press(late)).rejects.toThrow(`message ${ts} has no button approve`);
    await slack.press({ ...late, button: { action_id: 'approve', block_id: 'answer', value: 'old' } });
    expect(delivered.at(-1)).toMatchObject({ user: { id: late.user }, actions: [{ value: 'old' }] });
  });

  test('a form is opened, refused with a reason, sent again and closed', async () => {
    const ts = await postQuestion(web, slack.channel);
    const user = slack.people.productOwner;
    await slack.press({ user, ts, actionId: 'reject' });
    await expect.poll(() => slack.openViews()).toHaveLength(1);
    expect(await slack.submitView({ user, values: { reason: { text: 'because' } } })).toEqual({
      closed: false,
      errors: { reason: 'Say more' },
    });
    expect(await slack.submitView({ user, values: { reason: { text: 'it heals' } } })).toEqual({ closed: true });
    expect(delivered.at(-1)).toMatchObject({
      type: 'view_submission',
      user: { id: user },
      view: { private_metadata: 'incident-1', state: { values: { reason: { text: { value: 'it heals' } } } } },
    });
    expect(await slack.openViews()).toEqual([]);
  });

  test('threads and what only one person is told are kept apart', async () => {
    const ts = await postQuestion(web, slack.channel);
    const { channel, people } = slack;
    await web.chat.postMessage({ channel, thread_ts: ts, text: 'step 1' });
    await web.chat.postEphemeral({ channel, thread_ts: ts, user: people.nobody, text: 'not yours to answer' });
    expect((await slack.replies(ts)).map(({ text }) => text)).toEqual(['step 1']);
    expect((await slack.whispers(people.nobody)).map(({ text }) => text)).toEqual(['not yours to answer']);
    const { messages } = await web.conversations.replies({ channel, ts });
    expect(messages?.[0]).toMatchObject({ ts });
  });

  test('has a page for people', async () => {
    const page = await fetch(slack.pageUrl);
    expect(page.headers.get('content-type')).toContain('text/html');
  });
});
