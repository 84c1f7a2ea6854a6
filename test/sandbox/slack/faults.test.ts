import { SocketModeClient } from '@slack/socket-mode';
import { LogLevel, WebClient, type WebClientOptions } from '@slack/web-api';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Slack } from '../../../sandbox/servers/slack.ts';
import { type SlackFaults, startSlackFaults } from '../../../sandbox/servers/slack-faults.ts';
import { createWorkspace, type Workspace } from '../../../sandbox/workspace/workspace.ts';
import { silentLogger } from '../../../src/notify/channels/slack/silent-logger.ts';
import { postQuestion } from './question.ts';
import { testSlack } from './test-slack.ts';

testSlack('with faults in front of it', (start) => {
  let workspace: Workspace;
  let slack: Slack;
  let faults: SlackFaults;
  let web: WebClient;

  beforeAll(async () => {
    workspace = await createWorkspace();
    slack = await start({ workspace });
  }, 60_000);

  afterAll(() => workspace?.[Symbol.asyncDispose]());

  beforeEach(async () => {
    faults = await startSlackFaults(slack.url);
    web = client({ timeout: 5_000 });
  });

  afterEach(() => faults[Symbol.asyncDispose]());

  test('without a fault everything goes through, and is counted with its arguments', async () => {
    await web.auth.test();
    const ts = await postQuestion(web, slack.channel);
    expect((await slack.messages()).at(-1)).toMatchObject({ ts });
    expect(faults.calls().map(({ method }) => method)).toEqual(['auth.test', 'chat.postMessage']);
    expect(faults.calls('chat.postMessage')[0]?.arguments).toMatchObject({
      channel: slack.channel,
      blocks: [{ type: 'section' }, { type: 'actions' }],
    });
  });

  test('a rate limit is answered 429 with its time, so many times, and then it is well again', async () => {
    faults.rateLimit('chat.postMessage', 7, 1);
    await expect(post('one')).rejects.toMatchObject({ code: 'slack_webapi_rate_limited_error', retryAfter: 7 });
    expect(await post('two')).toMatchObject({ ok: true });
    expect(await textsPosted()).toEqual(expect.not.arrayContaining(['one']));
  });

  test('a server in trouble answers 500 for every method, until it is healed', async () => {
    faults.breakDown('*');
    await expect(web.auth.test()).rejects.toMatchObject({ statusCode: 500 });
    await expect(post('three')).rejects.toMatchObject({ statusCode: 500 });
    faults.heal();
    expect(await web.auth.test()).toMatchObject({ ok: true });
  });

  test('a request that hangs is for the client to give up', async () => {
    faults.hang('chat.postMessage', 1);
    await expect(client({ timeout: 200 }).chat.postMessage({ channel: slack.channel, text: 'four' })).rejects.toThrow();
    expect(faults.calls('chat.postMessage')).toHaveLength(1);
    expect(await textsPosted()).toEqual(expect.not.arrayContaining(['four']));
  });

  test.each(['token_revoked', 'invalid_auth', 'is_archived'])('refuses with %s', async (error) => {
    faults.refuse('chat.postMessage', error);
    await expect(post('five')).rejects.toMatchObject({ data: { ok: false, error } });
  });

  test('a lost reply looks like a failure, and the message is there: its metadata tells', async () => {
    const metadata = { event_type: 'rollbackd_message', event_payload: { id: 'message-1' } };
    faults.loseReply('chat.postMessage', 1);
    await expect(web.chat.postMessage({ channel: slack.channel, text: 'six', metadata })).rejects.toThrow();
    const asked = { channel: slack.channel, include_all_metadata: true };
    const { messages } = await web.conversations.history(asked);
    expect(messages?.find(({ text }) => text === 'six')).toMatchObject({ metadata });
    const plain = await web.conversations.history({ channel: slack.channel });
    expect(plain.messages?.find(({ text }) => text === 'six')).not.toHaveProperty('metadata');
  });

  test('metadata of a threaded message is in the replies', async () => {
    const thread_ts = await postQuestion(web, slack.channel);
    const metadata = { event_type: 'rollbackd_message', event_payload: { id: 'message-2' } };
    await web.chat.postMessage({ channel: slack.channel, thread_ts, text: 'seven', metadata });
    const asked = { channel: slack.channel, ts: thread_ts, include_all_metadata: true };
    const { messages } = await web.conversations.replies(asked);
    expect(messages).toEqual([expect.not.objectContaining({ metadata }), expect.objectContaining({ metadata })]);
  });

  test('knows who is in a user group', async () => {
    faults.setUserGroup('S0SENIORS', [slack.people.seniorEngineer]);
    expect((await web.usergroups.users.list({ usergroup: 'S0SENIORS' })).users).toEqual([slack.people.seniorEngineer]);
    const unknown = web.usergroups.users.list({ usergroup: 'S0NOBODY' });
    await expect(unknown).rejects.toMatchObject({ data: { error: 'no_such_subteam' } });
  });

  test('sockets lead through it, can be cut, and the client comes back', async () => {
    const socket = new SocketModeClient({
      appToken: slack.appToken,
      logger: silentLogger,
      clientPingTimeout: 500,
      clientOptions: { slackApiUrl: faults.apiUrl },
    });
    let connected = 0;
    socket.on('connected', () => {
      connected += 1;
    });
    const pressed: string[] = [];
    socket.on('interactive', async ({ body, ack }) => {
      pressed.push(body.user.id);
      await ack();
    });
    await socket.start();
    const ts = await postQuestion(web, slack.channel);
    await slack.press({ user: slack.people.seniorEngineer, ts, actionId: 'approve' });
    expect(pressed).toEqual([slack.people.seniorEngineer]);
    faults.cutSockets();
    expect(faults.openSockets).toBe(0);
    // Not before the new connection has said hello: the SDK's promise of a connection would be rejected with nobody to hear it.
    await expect.poll(() => connected, { timeout: 10_000 }).toBe(2);
    expect(faults.openSockets).toBe(1);
    expect(faults.calls('apps.connections.open')).toHaveLength(2);
    await socket.disconnect();
  });

  function client(options: WebClientOptions): WebClient {
    const careful = { retryConfig: { retries: 0 }, rejectRateLimitedCalls: true, logLevel: LogLevel.ERROR };
    return new WebClient(slack.botToken, { slackApiUrl: faults.apiUrl, ...careful, ...options });
  }

  function post(text: string) {
    return web.chat.postMessage({ channel: slack.channel, text });
  }

  async function textsPosted(): Promise<readonly string[]> {
    return (await slack.messages()).map(({ text }) => text);
  }
});
