import { expect, test } from 'vitest';
import { startSlackFaults } from '../../../sandbox/servers/slack-faults.ts';
import type { EventBody } from '../../../src/model/event.ts';
import type { SlackStage } from '../../doors/slack/stage.ts';
import { slackSuite } from '../../doors/slack/suite.ts';
import { eventually } from '../../exec/eventually.ts';

const line = (message: string, text = message): EventBody => ({
  kind: 'message.queued',
  message,
  subject: `subject of ${message}`,
  text,
  urgency: 'told',
});

slackSuite('in trouble', (suite) => {
  const { open: here } = suite;
  const posted = async (text: string) =>
    (await suite.slack.messages()).filter((each) => each.text.includes(text)).length;
  const delivered = (of: SlackStage, message: string) =>
    eventually(`${message} is delivered`, () => of.memory.state().messages.get(message)?.deliveredTo.includes('slack'));

  test('429: it waits as long as Slack asks for, then goes on in the same order, and nothing is lost or doubled', async () => {
    const { faults, memory, health } = await here();
    faults.rateLimit('chat.postMessage', 1, 2);
    memory.append(line('daemon/limited-a'), line('daemon/limited-b'));
    await delivered({ memory } as SlackStage, 'daemon/limited-b');
    const calls = faults.calls('chat.postMessage');
    expect(calls).toHaveLength(4);
    expect((calls[2]?.at ?? 0) - (calls[0]?.at ?? 0)).toBeGreaterThanOrEqual(1_900);
    expect([await posted('daemon/limited-a'), await posted('daemon/limited-b')]).toEqual([1, 1]);
    expect(health.troubles()).toEqual([]);
  });

  test('500: the message is kept, tried again and delivered once when Slack is well', async () => {
    const of = await here();
    of.faults.breakDown('*');
    of.memory.append(line('daemon/broken'));
    await eventually('a trouble', () => of.health.troubles().length === 1);
    expect(of.memory.state().messages.get('daemon/broken')).toMatchObject({ deliveredTo: [], undeliverable: [] });
    of.faults.heal();
    await delivered(of, 'daemon/broken');
    expect(await posted('daemon/broken')).toBe(1);
    expect(of.health.troubles()).toEqual([]);
  });

  test('a Slack that hangs is given up within the time-out, and the message comes once it answers', async () => {
    const of = await here({ timeout: 300 });
    of.faults.hang('chat.postMessage', 1);
    of.memory.append(line('daemon/hanging'));
    await delivered(of, 'daemon/hanging');
    expect(of.faults.calls('chat.postMessage')).toHaveLength(2);
    expect(await posted('daemon/hanging')).toBe(1);
  });

  test.each([
    ['token_revoked', 'botToken'],
    ['is_archived', 'unarchive'],
    ['channel_not_found', 'invite the application'],
  ])(
    '%s: no failure is final, people learn what to do, and everything follows when it is put right',
    async (error, advice) => {
      const of = await here();
      of.faults.refuse('chat.postMessage', error);
      of.memory.append(line(`daemon/${error}`));
      const [trouble] = await eventually('a trouble', () => of.health.troubles().length === 1 && of.health.troubles());
      expect(trouble).toMatchObject({ channel: 'slack', reason: expect.stringContaining(`Slack says ${error}`) });
      expect(trouble?.reason).toContain(advice);
      expect(of.memory.state().messages.get(`daemon/${error}`)?.undeliverable).toEqual([]);
      of.faults.heal();
      await delivered(of, `daemon/${error}`);
      expect(await posted(`daemon/${error}`)).toBe(1);
    },
  );

  test('a lost reply: the message is looked for and found, and not posted again', async () => {
    const of = await here();
    of.faults.loseReply('chat.postMessage', 1);
    of.memory.append(line('daemon/lost'));
    await delivered(of, 'daemon/lost');
    expect(of.faults.calls('chat.postMessage')).toHaveLength(1);
    expect(await posted('daemon/lost')).toBe(1);
  });

  test('a lost reply to the card and to a line of its thread makes neither a double', async () => {
    const of = await here();
    of.faults.loseReply('chat.postMessage', 2);
    await of.judge();
    const card = await of.asked();
    const incident = of.events('incident.opened')[0]?.incident ?? '';
    await delivered(of, `incident/${incident}/decided?revision=1`);
    const about = (await suite.slack.replies(card.ts)).filter(({ text }) => text.includes('Decision 1'));
    expect(about.filter(({ text }) => text.includes(`${incident}: unavailable`))).toHaveLength(1);
    const cards = (await suite.slack.messages()).filter(({ blocks }) =>
      JSON.stringify(blocks ?? []).includes(incident),
    );
    expect(cards).toHaveLength(1);
  });

  test('a daemon that died between the post and its record finds both card and lines again', async () => {
    await using faults = await startSlackFaults(suite.slack.url);
    const first = await here({ faults });
    await first.judge();
    const card = await first.asked();
    const incident = first.events('incident.opened')[0]?.incident ?? '';
    await delivered(first, `incident/${incident}/decided?revision=1`);
    const kept: EventBody[] = [
      ...first.events('incident.opened'),
      ...first.events('incident.decided'),
      ...first.events('approval.requested'),
      ...first.events('message.queued'),
    ];
    await first[Symbol.asyncDispose]();
    const before = faults.calls('chat.postMessage').length;
    const second = await here({ faults, past: kept });
    const again = await second.asked();
    await delivered(second, `incident/${incident}/decided?revision=1`);
    expect(again.ts).toBe(card.ts);
    expect(faults.calls('chat.postMessage')).toHaveLength(before);
    await second[Symbol.asyncDispose]();
  });

  test('without the right to read the channel a message twice is better than none', async () => {
    const of = await here();
    of.faults.loseReply('chat.postMessage', 1);
    of.faults.refuse('conversations.history', 'missing_scope');
    of.memory.append(line('daemon/blind'));
    await delivered(of, 'daemon/blind');
    expect(await posted('daemon/blind')).toBe(2);
  });

  test('a card that somebody has deleted is posted anew, and its incident goes on there', async () => {
    const of = await here();
    await of.judge();
    const card = await of.asked();
    of.faults.refuse('chat.update', 'message_not_found', 1);
    const incident = of.events('incident.opened')[0]?.incident ?? '';
    of.memory.append({ kind: 'incident.snoozed', incident, person: 'linh', until: Date.now() + 60_000 });
    const another = await of.card(({ text }) => text.includes('snoozed'));
    expect(another.ts).not.toBe(card.ts);
  });

  test('a replaced card whose record a crash has lost is found again, and not posted a third time', async () => {
    await using faults = await startSlackFaults(suite.slack.url);
    const first = await here({ faults });
    await first.judge();
    const gone = await first.asked();
    faults.refuse('chat.update', 'message_not_found', 1);
    const incident = first.events('incident.opened')[0]?.incident ?? '';
    first.memory.append({ kind: 'incident.snoozed', incident, person: 'linh', until: Date.now() + 60_000 });
    const another = await first.card(({ ts }) => ts !== gone.ts);
    await first[Symbol.asyncDispose]();
    const past = first.all().filter((body) => body.kind !== 'card.shown' || body.ts === gone.ts);
    const posted = faults.calls('chat.postMessage').length;
    faults.refuse('chat.update', 'message_not_found', 1);
    const second = await here({ faults, past });
    expect((await second.card(({ ts }) => ts !== gone.ts)).ts).toBe(another.ts);
    expect(faults.calls('chat.postMessage')).toHaveLength(posted);
    await second[Symbol.asyncDispose]();
  });

  test('another channel in the configuration takes the incident under way, and the archived one is left alone', async () => {
    const first = await here();
    await first.judge();
    const old = await first.asked();
    const incident = first.events('incident.opened')[0]?.incident ?? '';
    await delivered(first, `incident/${incident}/decided?revision=1`);
    await first[Symbol.asyncDispose]();
    const archived = 'C0ARCHIVED';
    const past = first
      .all()
      .map((body) => (body.kind === 'card.shown' ? { ...body, channel: archived, configured: archived } : body));
    const second = await here({ past });
    const card = await second.card(({ ts }) => ts !== old.ts);
    second.memory.append(line(`${incident}/later`));
    await delivered(second, `${incident}/later`);
    expect((await suite.slack.replies(card.ts)).map(({ text }) => text)).toEqual([expect.stringContaining('later')]);
    second.memory.append({ kind: 'incident.snoozed', incident, person: 'linh', until: Date.now() + 60_000 });
    expect((await second.card(({ text }) => text.includes('snoozed'))).ts).toBe(card.ts);
    expect(second.faults.calls().filter((call) => call.arguments.channel === archived)).toEqual([]);
  });

  test('an archived channel with a card in it is told, and the card follows once it is open again', async () => {
    const of = await here();
    await of.judge();
    const card = await of.asked();
    of.faults.refuse('chat.update', 'is_archived');
    const incident = of.events('incident.opened')[0]?.incident ?? '';
    of.memory.append({ kind: 'incident.snoozed', incident, person: 'linh', until: Date.now() + 60_000 });
    const [trouble] = await eventually('a trouble', () => of.health.troubles().length === 1 && of.health.troubles());
    expect(trouble?.reason).toContain('is_archived');
    of.faults.heal();
    expect((await of.card(({ text }) => text.includes('snoozed'))).ts).toBe(card.ts);
    await eventually('it is well', () => of.health.troubles().length === 0);
  });

  test('an alarm in a thread is shown in the channel as well and calls by name; what is told is not', async () => {
    const of = await here();
    await of.judge();
    const card = await of.asked();
    const incident = of.events('incident.opened')[0]?.incident ?? '';
    of.memory.append({ ...line(`${incident}/alarm`), urgency: 'alarmed' } as EventBody, line(`${incident}/word`));
    await delivered(of, `${incident}/word`);
    const callWith = (text: string) =>
      of.faults.calls('chat.postMessage').find((call) => String(call.arguments.text).includes(text))?.arguments;
    expect(callWith(`${incident}/alarm`)).toMatchObject({ thread_ts: card.ts });
    expect(String(callWith(`${incident}/alarm`)?.reply_broadcast)).toBe('true');
    expect(String(callWith(`${incident}/alarm`)?.text)).toContain(`<@${suite.slack.people.seniorEngineer}>`);
    expect(callWith(`${incident}/word`)?.reply_broadcast).toBeUndefined();
    expect(String(callWith(`${incident}/word`)?.text)).not.toContain('<@');
  });

  test('an incident that began and ended while Slack was down is told afterwards, in one thread', async () => {
    const of = await here();
    of.faults.breakDown('*');
    await of.judge();
    const incident = of.events('incident.opened')[0]?.incident ?? '';
    of.memory.append({ kind: 'incident.withdrawn', incident, reason: 'it healed' });
    of.faults.heal();
    const card = await of.card(({ text }) => text.includes('closed, withdrawn: it healed'));
    await delivered(of, `incident/${incident}/decided?revision=1`);
    expect((await suite.slack.replies(card.ts)).length).toBeGreaterThan(0);
  });

  test('a card whose blocks Slack will not take is shown in words, and its thread goes on', async () => {
    const of = await here();
    of.faults.refuse('chat.postMessage', 'invalid_blocks', 1);
    await of.judge();
    const incident = of.events('incident.opened')[0]?.incident ?? '';
    const card = await of.card(({ text }) => text.includes('`rollbackd status`, which says how to answer'));
    await delivered(of, `incident/${incident}/decided?revision=1`);
    expect((await suite.slack.replies(card.ts)).length).toBeGreaterThan(0);
  });

  test('only a message that Slack would never take as it is, is given up', async () => {
    const of = await here();
    of.faults.refuse('chat.postMessage', 'msg_too_long', 1);
    of.memory.append(line('daemon/content'));
    const refused = await eventually(
      'it is refused',
      () => of.memory.state().messages.get('daemon/content')?.undeliverable[0],
    );
    expect(refused).toEqual({ channel: 'slack', reason: 'Slack says msg_too_long' });
    expect(of.health.troubles()).toEqual([]);
  });

  test('names of tenants and reasons that are markup mention nobody and link nowhere', async () => {
    const of = await here();
    const hostile = '<!channel> & <https://evil.example|menu>';
    of.decision.now = { ...of.decision.now, tenants: [hostile], reasonsFor: [`leaks to ${hostile}`] };
    await of.judge();
    const card = await of.asked();
    const incident = of.events('incident.opened')[0]?.incident ?? '';
    await delivered(of, `incident/${incident}/decided?revision=1`);
    const everything = JSON.stringify([card.blocks, await suite.slack.replies(card.ts)]);
    expect(everything).not.toMatch(/<!channel>|<https:/);
    expect(everything).toContain('&lt;!channel&gt; &amp; &lt;https://evil.example|menu&gt;');
  });

  test('at the deadline the first rung and those who can answer are called by name', async () => {
    const of = await here({ tier: 'severe', escalation: ['quang'] });
    await of.judge();
    const card = await of.asked();
    const { engineeringManager: minh, technicalLead: thao, productOwner: quang } = suite.slack.people;
    const incident = of.events('incident.opened')[0]?.incident ?? '';
    await of.pass(3_600_000);
    await delivered(of, `incident/${incident}/overdue?revision=1`);
    const told = (await suite.slack.replies(card.ts)).find(({ text }) => text.includes('overdue'));
    expect(told?.text).toContain(`<@${quang}> <@${minh}> <@${thao}>`);
    expect(told?.text).toContain('It is now for quang to get one');
    await of.card(({ text }) => text.includes('OVERDUE'));
  });
});
