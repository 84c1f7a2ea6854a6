import { expect, test } from 'vitest';
import { buttonsOf, type SlackButton, type SlackMessage } from '../../../sandbox/servers/slack/message.ts';
import { actionIds } from '../../../src/notify/channels/slack/buttons.ts';
import { eventually } from '../../exec/eventually.ts';
import { verdictsIn } from '../../rules/arbitrary-verdicts.ts';
import { pagedFor, type SlackStage } from './stage.ts';
import { slackSuite } from './suite.ts';

const { approve, reject, snooze } = actionIds;
/** A second criterion is in breach, too. */
const worse = { ...pagedFor('critical', ['negoes', 'kopi']), verdicts: verdictsIn('breach', 'breach') };
const idsOf = (card: SlackMessage) => buttonsOf(card).map(({ action_id }) => action_id);

slackSuite('as the place where people answer', (suite) => {
  const { asking } = suite;
  const buttonOf = (card: SlackMessage, id: string): SlackButton => {
    const found = buttonsOf(card).find(({ action_id }) => action_id === id);
    if (!found) throw new Error(`no button ${id}`);
    return found;
  };

  /** What somebody alone is told because of what they do. */
  async function whispered(user: string, act: () => Promise<unknown>): Promise<string> {
    const before = (await suite.slack.whispers(user)).length;
    await act();
    return eventually('a whisper', async () => (await suite.slack.whispers(user))[before]?.text);
  }

  const answers = (here: SlackStage) =>
    here.events('approval.answered').map(({ person, answer, via }) => `${person} ${answer} (${via})`);

  test('the press of a person with the role rolls back, the card shows it and loses its buttons, each step is a line', async () => {
    const here = await asking();
    const before = (await suite.slack.messages()).length;
    const card = await here.asked();
    await suite.slack.press({ user: suite.slack.people.seniorEngineer, ts: card.ts, actionId: approve });
    expect(here.events('approval.answered')).toEqual([
      expect.objectContaining({ person: 'linh', role: 'senior-engineer', via: 'slack', answer: 'approved' }),
    ]);
    await here.incident('watching');
    const [run] = here.events('run.started');
    expect(run).toMatchObject({ authority: { by: 'approval', people: ['linh'] }, plan: { kind: 'rollback' } });
    const steps = run?.plan.steps ?? [];
    const lines = await eventually('a line for each step', async () => {
      const texts = (await suite.slack.replies(card.ts)).map(({ text }) => text);
      return texts.filter((text) => /^\d+\/\d+ /.test(text)).length === steps.length && texts;
    });
    expect(new Set(lines).size).toBe(lines.length);
    expect(lines[0]).toContain('unavailable (critical)');
    expect(lines[1]).toContain(`<@${suite.slack.people.seniorEngineer}>`);
    const after = await here.card(({ text }) => text.includes('watched until'));
    expect(after.text).toContain('approved by linh');
    expect([after.ts, idsOf(after)]).toEqual([card.ts, []]);
    expect(await suite.slack.messages(), 'all of it in one thread').toHaveLength(Math.max(before, 1));
  });

  test('a click without the role changes nothing, and only the clicker is told why and who could', async () => {
    const here = await asking();
    const card = await here.asked();
    const { nobody } = suite.slack.people;
    const told = await whispered(nobody, () => suite.slack.press({ user: nobody, ts: card.ts, actionId: approve }));
    expect(told).toContain("an's answer does not count here");
    expect(told).toContain('ask linh (senior-engineer)');
    expect(here.events('approval.refused')).toEqual([expect.objectContaining({ person: 'an' })]);
    expect([answers(here), here.events('run.started')]).toEqual([[], []]);
    expect(idsOf(await here.card())).toContain(approve);
  });

  test('a user whom the configuration does not name is nobody, whatever they are called', async () => {
    const here = await asking();
    const card = await here.asked();
    await suite.slack.press({ user: 'U0STRANGER', ts: card.ts, actionId: approve });
    expect(here.events('approval.refused')).toEqual([expect.objectContaining({ person: 'Slack user U0STRANGER' })]);
    expect(answers(here)).toEqual([]);
  });

  test('a click from another workspace is acknowledged and means nothing', async () => {
    const here = await asking({ door: { teamId: 'T0ANOTHER' } });
    const card = await here.asked();
    const before = here.deeds();
    await suite.slack.press({ user: suite.slack.people.seniorEngineer, ts: card.ts, actionId: approve });
    expect(here.deeds()).toEqual(before);
    expect(here.faults.calls('chat.postEphemeral')).toEqual([]);
  });

  test('a click of another application than the configured one means nothing, and clicker and operators are told why', async () => {
    const here = await asking({ door: { appId: 'A0ANOTHER' } });
    const card = await here.asked();
    const before = here.deeds();
    const user = suite.slack.people.seniorEngineer;
    const told = await whispered(user, () => suite.slack.press({ user, ts: card.ts, actionId: approve }));
    expect(told).toContain('doors.slack.appId is A0ANOTHER');
    expect(here.deeds()).toEqual(before);
    expect(here.wayIn.at(-1)).toMatchObject({ outcome: 'failed', lasting: true });
  });

  test('a click that arrives over a connection shows that they do', async () => {
    const here = await asking();
    const card = await here.asked();
    const before = here.wayIn.length;
    await suite.slack.press({ user: suite.slack.people.seniorEngineer, ts: card.ts, actionId: approve });
    expect(here.wayIn.slice(before)).toEqual([{ outcome: 'delivered' }]);
  });

  test('a second click on the same question is refused, with who was first', async () => {
    const here = await asking({ tier: 'moderate' });
    const card = await here.asked();
    const minh = suite.slack.people.engineeringManager;
    const first = await whispered(minh, () => suite.slack.press({ user: minh, ts: card.ts, actionId: approve }));
    expect(first).toContain('it still takes product-owner');
    const again = { user: minh, ts: card.ts, actionId: approve, button: buttonOf(card, approve) };
    expect(await whispered(minh, () => suite.slack.press(again))).toContain('minh has answered already');
    expect(answers(here)).toEqual(['minh approved (slack)']);
  });

  test('a moderate breach takes two different people, and the card tells who is missing', async () => {
    const here = await asking({ tier: 'moderate' });
    const card = await here.asked();
    await suite.slack.press({ user: suite.slack.people.engineeringManager, ts: card.ts, actionId: approve });
    const half = await here.card((found) => JSON.stringify(found.blocks).includes('approved by minh'));
    expect(JSON.stringify(half.blocks)).toContain('*Needed*: product-owner');
    await suite.slack.press({ user: suite.slack.people.productOwner, ts: card.ts, actionId: approve });
    await here.incident('watching');
    expect(here.events('run.started')[0]?.authority).toEqual({ by: 'approval', people: ['minh', 'quang'] });
  });

  test('a late click on a question that is closed is refused with what became of it', async () => {
    const here = await asking();
    const card = await here.asked();
    const late = buttonOf(card, approve);
    const incident = here.events('incident.opened')[0]?.incident ?? '';
    here.memory.append({ kind: 'incident.withdrawn', incident, reason: 'it healed' });
    const closed = await here.card(({ text }) => text.includes('closed'));
    expect(idsOf(closed)).toEqual([]);
    const user = suite.slack.people.seniorEngineer;
    const told = await whispered(user, () => suite.slack.press({ user, ts: card.ts, actionId: approve, button: late }));
    expect(told).toContain('is closed (withdrawn): it healed');
    expect(answers(here)).toEqual([]);
  });

  test('a click on an earlier incident does not answer the one that is open now', async () => {
    const here = await asking();
    const old = await here.asked();
    const incident = here.events('incident.opened')[0]?.incident ?? '';
    here.memory.append({ kind: 'incident.withdrawn', incident, reason: 'it healed' });
    await here.judge();
    const card = await here.asked();
    expect(card.ts).not.toBe(old.ts);
    const user = suite.slack.people.seniorEngineer;
    const press = { user, ts: old.ts, actionId: approve, button: buttonOf(old, approve) };
    expect(await whispered(user, () => suite.slack.press(press))).toContain(`${incident} is closed`);
    expect(answers(here)).toEqual([]);
  });

  test('a click on an earlier revision is void once it has become worse, and the new question can be answered', async () => {
    const here = await asking();
    const old = await here.asked();
    here.decision.now = worse;
    await here.judge();
    const card = await here.card((found) => JSON.stringify(found.blocks).includes('revision 2'));
    const user = suite.slack.people.seniorEngineer;
    const press = { user, ts: old.ts, actionId: approve, button: buttonOf(old, approve) };
    expect(await whispered(user, () => suite.slack.press(press))).toContain('moved on to revision 2');
    expect(answers(here)).toEqual([]);
    await suite.slack.press({ user, ts: card.ts, actionId: approve });
    expect(answers(here)).toEqual(['linh approved (slack)']);
  });

  test('of two people who press at once the first wins, and the other learns who that was', async () => {
    const here = await asking({ tier: 'severe' });
    const card = await here.asked();
    const both = [suite.slack.people.engineeringManager, suite.slack.people.technicalLead];
    await Promise.all(both.map((user) => suite.slack.press({ user, ts: card.ts, actionId: approve })));
    expect(answers(here)).toHaveLength(1);
    const [{ person } = { person: '' }] = here.events('approval.answered');
    const refusals = await eventually('a refusal', () =>
      here
        .events('approval.refused')
        .map(({ reason }) => reason)
        .at(0),
    );
    expect(refusals).toMatch(new RegExp(`${person} approved it already|the rollback has begun already`));
    await here.incident('watching');
    expect(here.events('run.started')).toHaveLength(1);
  });

  test('of an approval and a rejection at once the first wins, and the other is refused', async () => {
    const here = await asking({ tier: 'severe' });
    const card = await here.asked();
    const { engineeringManager: minh, technicalLead: thao } = suite.slack.people;
    await suite.slack.press({ user: thao, ts: card.ts, actionId: reject });
    await eventually('the form', async () => (await suite.slack.openViews()).length === 1);
    await Promise.all([
      suite.slack.press({ user: minh, ts: card.ts, actionId: approve }),
      suite.slack.submitView({ user: thao, values: { reason: { text: 'it mends itself' } } }),
    ]);
    expect(answers(here)).toHaveLength(1);
    await eventually('the other is refused', () => here.events('approval.refused').length === 1);
    const [first] = here.events('approval.answered');
    await here.incident(first?.answer === 'approved' ? 'watching' : 'rejected');
    expect(here.events('run.started')).toHaveLength(first?.answer === 'approved' ? 1 : 0);
  });

  test('a rejection asks for its reason in a form at once, insists on one, and the card tells it', async () => {
    const here = await asking();
    const card = await here.asked();
    const user = suite.slack.people.seniorEngineer;
    await suite.slack.press({ user, ts: card.ts, actionId: reject });
    await eventually('the form', async () => (await suite.slack.openViews()).length === 1);
    expect(answers(here)).toEqual([]);
    const empty = await suite.slack.submitView({ user, values: { reason: { text: '  ' } } });
    expect(empty).toEqual({ closed: false, errors: { reason: expect.stringContaining('Say why') } });
    expect(await suite.slack.submitView({ user, values: { reason: { text: 'we <mend> it' } } })).toEqual({
      closed: true,
    });
    expect(here.events('approval.answered')).toEqual([
      expect.objectContaining({ answer: 'rejected', reason: 'we <mend> it', via: 'slack' }),
    ]);
    const after = await here.card(({ text }) => text.includes('rejected by linh: we &lt;mend&gt; it'));
    expect(idsOf(after)).toEqual([]);
  });

  test('whoever may not reject is told so at the click, and gets no form', async () => {
    const here = await asking();
    const card = await here.asked();
    const { nobody } = suite.slack.people;
    const told = await whispered(nobody, () => suite.slack.press({ user: nobody, ts: card.ts, actionId: reject }));
    expect(told).toContain("an's answer does not count here");
    expect(here.faults.calls('views.open')).toEqual([]);
  });

  test('a form that cannot be opened any more is told, with the other way', async () => {
    const here = await asking();
    const card = await here.asked();
    here.faults.refuse('views.open', 'expired_trigger_id');
    const user = suite.slack.people.seniorEngineer;
    const told = await whispered(user, () => suite.slack.press({ user, ts: card.ts, actionId: reject }));
    expect(told).toContain('expired_trigger_id. Press again, or `rollbackd reject ');
    expect(answers(here)).toEqual([]);
  });

  test('a form that Slack has no patience for is told at once: what it was to be opened by is used up by then', async () => {
    const here = await asking();
    const card = await here.asked();
    here.faults.rateLimit('views.open', 30, 1);
    const user = suite.slack.people.seniorEngineer;
    const told = await whispered(user, () => suite.slack.press({ user, ts: card.ts, actionId: reject }));
    expect(told).toContain('Slack asks for 30s of patience. Press again');
    expect(here.faults.calls('views.open')).toHaveLength(1);
  });

  test('whoever is to be told why is told as soon as Slack allows it', async () => {
    const here = await asking();
    const card = await here.asked();
    here.faults.rateLimit('chat.postEphemeral', 2, 1);
    const { nobody } = suite.slack.people;
    const told = await whispered(nobody, () => suite.slack.press({ user: nobody, ts: card.ts, actionId: approve }));
    expect(told).toContain("an's answer does not count here");
    const [first, second] = here.faults.calls('chat.postEphemeral');
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(1_900);
  });

  test('a form that was opened before it became worse rejects nothing, and whoever sends it is told', async () => {
    const here = await asking();
    const card = await here.asked();
    const user = suite.slack.people.seniorEngineer;
    await suite.slack.press({ user, ts: card.ts, actionId: reject });
    await eventually('the form', async () => (await suite.slack.openViews()).length === 1);
    here.decision.now = worse;
    await here.judge();
    const submit = () => suite.slack.submitView({ user, values: { reason: { text: 'we mend it' } } });
    expect(await whispered(user, submit)).toContain('moved on to revision 2');
    expect(answers(here)).toEqual([]);
  });

  test('an answer that cannot be written down does not count, and whoever gave it is told so', async () => {
    const here = await asking();
    const card = await here.asked();
    const { append } = here.memory;
    here.memory.append = () => {
      throw new Error('no space left on the disk');
    };
    const user = suite.slack.people.seniorEngineer;
    const told = await whispered(user, () => suite.slack.press({ user, ts: card.ts, actionId: approve }));
    here.memory.append = append;
    expect(told).toBe('Not done: no space left on the disk');
    expect(answers(here)).toEqual([]);
  });

  test('anybody of the configuration may rest the reminders; the question stays', async () => {
    const here = await asking();
    const card = await here.asked();
    const { nobody } = suite.slack.people;
    const told = await whispered(nobody, () => suite.slack.press({ user: nobody, ts: card.ts, actionId: snooze }));
    expect(told).toContain('for 30m');
    const [snoozed] = here.events('incident.snoozed');
    expect(snoozed).toMatchObject({ person: 'an' });
    expect(Math.abs((snoozed?.until ?? 0) - Date.now() - 30 * 60_000)).toBeLessThan(10_000);
    const after = await here.card(({ text }) => text.includes('Reminders snoozed by an'));
    expect(idsOf(after)).toContain(approve);
  });
});
