import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { text } from 'node:stream/consumers';
import { LogLevel, WebClient } from '@slack/web-api';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Slack } from '../../../sandbox/servers/slack.ts';
import { createWorkspace, type Workspace } from '../../../sandbox/workspace/workspace.ts';
import { postQuestion, reasonForm } from './question.ts';
import { testSlack } from './test-slack.ts';

interface Received {
  readonly type: string | undefined;
  readonly timestamp: number;
  readonly signature: string;
  readonly body: string;
}

testSlack('by signed HTTP requests', (start) => {
  let workspace: Workspace;
  let slack: Slack;
  let web: WebClient;
  let application: Server;
  let received: Received[];

  beforeAll(async () => {
    workspace = await createWorkspace();
    received = [];
    const port = await workspace.freePort();
    application = createServer(async (request, response) => {
      const { 'content-type': type, 'x-slack-request-timestamp': at, 'x-slack-signature': signed } = request.headers;
      received.push({ type, timestamp: Number(at), signature: String(signed), body: await text(request) });
      response.writeHead(200).end();
    }).listen(port, '127.0.0.1');
    await once(application, 'listening');
    slack = await start({ workspace, requestUrl: `http://127.0.0.1:${port}/slack/actions` });
    web = new WebClient(slack.botToken, { slackApiUrl: slack.apiUrl, logLevel: LogLevel.ERROR });
  }, 60_000);

  afterAll(async () => {
    application?.closeAllConnections();
    application?.close();
    await workspace?.[Symbol.asyncDispose]();
  });

  test('a press arrives as a form, signed with the secret, and its trigger opens a form', async () => {
    const ts = await postQuestion(web, slack.channel);
    await slack.press({ user: slack.people.engineeringManager, ts, actionId: 'reject' });
    const request = received.at(-1);
    expect(request?.type).toContain('application/x-www-form-urlencoded');
    expect(Math.abs(Date.now() / 1_000 - (request?.timestamp ?? 0))).toBeLessThan(5);
    const signed = createHmac('sha256', slack.signingSecret).update(`v0:${request?.timestamp}:${request?.body}`);
    expect(request?.signature).toBe(`v0=${signed.digest('hex')}`);
    const payload = JSON.parse(new URLSearchParams(request?.body).get('payload') ?? '{}');
    expect(payload).toMatchObject({
      type: 'block_actions',
      user: { id: slack.people.engineeringManager },
      container: { message_ts: ts },
      actions: [{ action_id: 'reject' }],
    });
    await web.views.open({ trigger_id: payload.trigger_id, view: reasonForm });
    const user = slack.people.engineeringManager;
    expect(await slack.submitView({ user, values: { reason: { text: 'no' } } })).toEqual({ closed: true });
    const sent = JSON.parse(new URLSearchParams(received.at(-1)?.body).get('payload') ?? '{}');
    expect(sent.view.state.values.reason.text.value).toBe('no');
    await web.chat.update({ channel: slack.channel, ts, text: 'Rejected', blocks: [] });
    expect((await slack.messages()).at(-1)).toMatchObject({ ts, text: 'Rejected' });
  });
});
