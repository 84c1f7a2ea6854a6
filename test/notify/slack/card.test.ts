import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { emptyState } from '../../../src/incident/daemon-state.ts';
import type { Incident } from '../../../src/incident/state.ts';
import type { EventBody } from '../../../src/model/event.ts';
import type { GuardResult } from '../../../src/model/guard.ts';
import type { PlanOutline } from '../../../src/model/plan-outline.ts';
import { pressedOf } from '../../../src/notify/channels/slack/buttons.ts';
import { type Card, type CardContext, faceOf, renderCard } from '../../../src/notify/channels/slack/card.ts';
import { cutText, escapeText, literalText } from '../../../src/notify/channels/slack/markup.ts';
import { asking, opened, rollingBack, start, subject } from '../../commands/fixture.ts';
import { must } from '../../incident/histories.ts';
import { verdictsIn } from '../../rules/arbitrary-verdicts.ts';

const people = [
  { name: 'ana', roles: ['senior-engineer' as const], slack: 'U1' },
  { name: 'eva', roles: ['engineering-manager' as const] },
];
const groups = [{ id: 'S0LEADS', role: 'technical-lead' as const }];
const context: CardContext = { target: 'cafe', people, groups: [], way: 'buttons' };

const outline: PlanOutline = {
  legacyCommit: 'abcdef0123456789',
  steps: 28,
  expectedMs: 420_000,
  replaces: [{ database: 'superkafe_main', effect: 'drops and restores users, settings' }],
  bringsIn: ['superkafe_negoes'],
  pointOfNoReturn: { step: 'enable-traffic', effect: 'the legacy system accepts writes' },
};

const incidentAfter = (...past: EventBody[]): Incident => {
  const found = must(emptyState('approve'), ...past).incidents.get('inc-1');
  if (!found) throw new Error('no incident');
  return found;
};
const withPlan = (bodies: readonly EventBody[]): EventBody[] =>
  bodies.map((body) =>
    body.kind === 'approval.requested' ? { ...body, plan: outline, deadline: start + 60_000 } : body,
  );
const render = (incident: Incident, now = start): Card => renderCard(incident, undefined, context, now);
const askedBy = (over: Partial<CardContext>): Card => renderCard(asked, undefined, { ...context, ...over }, start);
const words = ({ blocks }: Card): string => JSON.stringify(blocks);

interface Block {
  readonly type: string;
  readonly text?: { readonly text: string };
  readonly elements?: readonly { readonly text?: { readonly text: string } | string; readonly value?: string }[];
}
const buttons = (card: Card) =>
  (card.blocks as readonly Block[]).flatMap(({ type, elements = [] }) => (type === 'actions' ? elements : []));

const asked = incidentAfter(...withPlan(asking('severe')));

describe('a card', () => {
  it('tells criterion, tier, tenants, reasons, plan with what is irreversible, needed roles and the deadline', () => {
    const text = words(render(asked));
    for (const part of [
      'cafe: cross-tenant-leak (severe)',
      'Tenants: a',
      'revision 1',
      '28 steps, about 7m, back to `abcdef012345`',
      '`superkafe_main`: drops and restores users, settings',
      'brought in from the backup: superkafe_negoes',
      '*irreversible* from `enable-traffic` on: the legacy system accepts writes',
      '*Needed*: engineering-manager or technical-lead',
      'could answer: eva',
      `<!date^${start / 1_000 + 60}^`,
    ]) {
      expect(text).toContain(part);
    }
  });

  it('says which collections of the unified database itself give way', () => {
    const inUnified = { database: 'superkafe_v2', effect: 'drops and restores users (9 documents now, 3 then)' };
    const merging = asking('severe').map((body) =>
      body.kind === 'approval.requested' ? { ...body, plan: { ...outline, replaces: [], inUnified } } : body,
    );
    const text = words(render(incidentAfter(...merging)));
    expect(text).toContain(
      '*IN THE UNIFIED DATABASE* `superkafe_v2`: drops and restores users (9 documents now, 3 then)',
    );
    expect(text).toContain('no other database is replaced');
  });

  it('shows what is seen now next to what was asked about, and only while there is something to decide', () => {
    const [leak, outage] = verdictsIn('breach', 'clear');
    if (!leak || !outage) throw new Error('no verdicts');
    const seen = [{ ...leak, reason: '40 documents of 3 tenants' }, outage];
    const text = words(askedBy({ seen }));
    expect(text).toContain('*Seen now*');
    expect(text).toContain('cross-tenant-leak is breach: 40 documents of 3 tenants');
    expect(text).not.toContain('the outage');
    const closed = incidentAfter(...asking('severe'), { kind: 'incident.withdrawn', incident: 'inc-1', reason: 'r' });
    expect(words(renderCard(closed, undefined, { ...context, seen }, start))).not.toContain('Seen now');
  });

  it('counts how often its trouble came back, and says while it is clear that it may be withdrawn', () => {
    const text = render({ ...asked, returns: 3, troubleSince: start - 3_600_000, clearSince: start }).text;
    expect(text).toMatch(
      /An answer is needed\. Came back 3 times since .*\. Clear since .*: withdrawn if it stays clear$/,
    );
    expect(render(asked).text).not.toMatch(/Came back|Clear since/);
  });

  it('says first what is wrong, then what speaks against a rollback and what it would lose, and last by name what is in order', () => {
    const verdicts = verdictsIn('breach', 'clear');
    const guards: GuardResult[] = [
      { guard: 'mode', outcome: 'passed', reason: 'mode is armed' },
      { guard: 'max-writes-lost', outcome: 'passed', reason: '40 inserts would be lost' },
      { guard: 'drill', outcome: 'off', reason: 'switched off' },
    ];
    const [leak, outage] = verdicts;
    const reasonsAgainst = ['drill: switched off', `unavailable is clear: ${outage?.reason}`];
    if (!asked.frozen) throw new Error('nothing is frozen');
    const decision = { ...asked.frozen.decision, verdicts, guards, reasonsAgainst };
    const text = words(render({ ...asked, frozen: { ...asked.frozen, decision } }));
    const parts = [
      `*What is wrong*\\n• cross-tenant-leak: ${leak?.reason}`,
      '*What speaks against a rollback*\\n• drill: switched off"',
      '*What a rollback would lose*\\n• 40 inserts would be lost',
      '*Plan*',
      'clear: unavailable\\nguards passed: mode, max-writes-lost',
    ];
    expect(parts.map((part) => text.includes(part))).toEqual(parts.map(() => true));
    const places = parts.map((part) => text.indexOf(part));
    expect(places).toEqual([...places].sort((a, b) => a - b));
  });

  it('is called by what is worst now, not by what the incident began with', () => {
    if (!asked.frozen) throw new Error('nothing is frozen');
    const decision = { ...asked.frozen.decision, criterion: 'unavailable', tier: 'critical' } as const;
    const worse = render({ ...asked, frozen: { ...asked.frozen, decision } });
    expect(worse.text).toMatch(/^cafe: unavailable \(critical\): /);
  });

  it('has no buttons where nobody could hear a press, and says how to answer', () => {
    const card = askedBy({ way: 'command-line' });
    expect(buttons(card)).toEqual([]);
    expect(words(card)).toContain('Answer on the command line: `rollbackd approve inc-1 --revision 1`');
    const open = incidentAfter(...opened());
    expect(buttons(renderCard(open, undefined, { ...context, way: 'command-line' }, start))).toEqual([]);
  });

  it('says aloud that its buttons do nothing while no press arrives, and keeps them for later', () => {
    const card = askedBy({ way: 'buttons-lost' });
    expect(words(card)).toContain('THE BUTTONS DO NOTHING AT PRESENT');
    expect(buttons(card)).toHaveLength(3);
    expect(words(askedBy({}))).not.toContain('AT PRESENT');
  });

  it('says that its buttons may do nothing while some presses may go to somebody else', () => {
    const card = askedBy({ way: 'buttons-doubtful' });
    expect(words(card)).toContain('THE BUTTONS MAY DO NOTHING AT PRESENT');
    expect(words(card)).toContain('answer on the command line: `rollbackd approve inc-1 --revision 1`');
    expect(buttons(card)).toHaveLength(3);
  });

  it('names a user group whose members could answer', () => {
    const text = words(askedBy({ people: [], groups }));
    expect(text).toContain('could answer: whoever of the configuration is in <!subteam^S0LEADS> (technical-lead');
    expect(words(askedBy({ groups: [{ id: 'S0OWNERS', role: 'product-owner' }] }))).not.toContain('S0OWNERS');
  });

  it('keeps its bold and its code together, whatever tenants and databases are called', () => {
    const incident = incidentAfter(...withPlan(asking('severe')));
    if (incident.status !== 'awaiting-approval') throw new Error('nobody is asked');
    const hostile = 'a`b*c_';
    const plan = { ...outline, replaces: [{ database: hostile, effect: 'e' }], bringsIn: [hostile] };
    const text = words(render({ ...incident, tenants: [hostile], request: { ...incident.request, plan } }));
    expect(text).toContain('Tenants: aˋb∗c＿');
    expect(text).toContain('`aˋb∗c＿`: e');
    expect(text).not.toContain('a`b');
  });

  it('loses no tenant to a reason that is too long', () => {
    const past: EventBody[] = [
      ...asking('severe'),
      {
        kind: 'approval.answered',
        ...subject(1, 'page', 'severe'),
        answer: 'rejected',
        person: 'eva',
        role: 'engineering-manager',
        via: 'cli',
        reason: 'no '.repeat(2_000),
      },
    ];
    const card = render(incidentAfter(...past));
    expect(words(card)).toContain('Tenants: a');
    expect((card.blocks as readonly Block[])[1]?.text?.text).toMatch(/^\*rejected by eva: no .*…\*$/);
  });

  it('says aloud what the plan does not keep', () => {
    const incident = incidentAfter(...withPlan(asking('severe')));
    if (incident.status !== 'awaiting-approval') throw new Error('nobody is asked');
    const plan = { ...outline, forgoes: 'Go on without a snapshot' };
    expect(words(render({ ...incident, request: { ...incident.request, plan } }))).toContain('*NOT KEPT*: Go on');
  });

  it('has buttons that carry exactly what it shows', () => {
    const [approve, reject, snooze] = buttons(render(asked)).map(({ value }) => pressedOf(value));
    expect([approve, reject]).toEqual([subject(1, 'page', 'severe'), subject(1, 'page', 'severe')]);
    expect(snooze).toEqual({ incident: 'inc-1' });
  });

  it.each<[string, readonly EventBody[]]>([
    ['closed', [...opened(), { kind: 'incident.withdrawn', incident: 'inc-1', reason: 'it healed' }]],
    ['rolling back', [...opened(), ...rollingBack('inc-1')]],
  ])('has no buttons once it is %s', (_status, past) => {
    expect(buttons(render(incidentAfter(...past)))).toEqual([]);
  });

  it('looks the same however often it is rendered, and changes only with what it tells', () => {
    expect(faceOf(render(asked, start))).toBe(faceOf(render(asked, start + 59_999)));
    expect(faceOf(render(asked, start))).not.toBe(faceOf(render(asked, start + 60_000)));
  });

  it('ends its note about snoozed reminders with them', () => {
    const quiet = incidentAfter(...asking(), {
      kind: 'incident.snoozed',
      incident: 'inc-1',
      person: 'ana',
      until: start,
    });
    expect(render(quiet, start - 1).text).toContain('Reminders snoozed by ana');
    expect(render(quiet, start).text).not.toContain('snoozed');
  });

  it('stays within the limits of Slack and lets no markup through, whatever tenants and reasons are called', () => {
    const hostile = fc.oneof(
      fc.string({ maxLength: 200 }),
      fc.constantFrom('<!channel>', '<@U1>', '<https://x|y>', '&lt;', '<!date^1^{date}|x>', '𝄞'.repeat(400)),
    );
    const many = fc.array(hostile, { maxLength: 200 });
    const property = fc.property(many, many, hostile, (tenants, reasons, database) => {
      const { frozen } = asked;
      if (!frozen) throw new Error('nothing was decided');
      const decision = { ...frozen.decision, reasonsFor: reasons, reasonsAgainst: reasons };
      const incident = { ...asked, tenants, frozen: { ...frozen, decision } };
      if (incident.status === 'awaiting-approval') {
        const replaces = Array.from({ length: 60 }, () => ({ database, effect: database }));
        const card = render({ ...incident, request: { ...incident.request, plan: { ...outline, replaces } } });
        expect(faultsOf(card)).toEqual([]);
      }
    });
    fc.assert(property, { numRuns: 60 });
  });
});

/** What Slack would refuse, or what would mention somebody. */
function faultsOf({ blocks }: Card): string[] {
  const texts = (blocks as readonly Block[]).flatMap(({ type, text }) => (text ? [{ type, text: text.text }] : []));
  const values = buttons({ text: '', blocks }).map(({ value = '' }) => value);
  return [
    ...(blocks.length > 50 ? ['too many blocks'] : []),
    ...texts
      .filter(({ type, text }) => text.length > (type === 'header' ? 150 : 3_000))
      .map(({ type }) => `${type} too long`),
    ...texts
      .filter(({ text }) => /<(?!!date\^\d+\^\{date_short_pretty\} \{time_secs\}\|[-\d:.TZ]+>)/.test(text))
      .map(({ text }) => text),
    ...texts.filter(({ text }) => !text.isWellFormed()).map(() => 'half a character'),
    ...values.filter((value) => value.length > 2_000),
  ];
}

describe('Slack markup', () => {
  it('is escaped as Slack asks for', () => {
    expect(escapeText('<!channel> & co > you')).toBe('&lt;!channel&gt; &amp; co &gt; you');
  });

  it('is taken out of names, which stay readable', () => {
    expect(literalText('*cafe* `x` ~y~ <b>')).toBe('∗cafe∗ ˋxˋ ∼y∼ &lt;b&gt;');
    expect(literalText('superkafe_main_v2')).toBe('superkafe_main_v2');
    expect(literalText('a__b')).toBe('a__b');
    expect(literalText('_cafe_ _')).toBe('＿cafe＿ ＿');
  });

  it('is cut without leaving half an escape, half a mention or half a character', () => {
    expect(cutText('short', 5)).toBe('short');
    expect(cutText('abc&amp;def', 6)).toBe('abc…');
    expect(cutText('abc<@U123> def', 8)).toBe('abc…');
    expect(cutText('abc𝄞def', 5)).toBe('abc…');
  });

  it.each([undefined, '', 'null', '{}', '{"incident":1}', '[1]', 'old'])(
    'takes a button that says %j for none of ours',
    (value) => {
      expect(pressedOf(value)).toBeUndefined();
    },
  );
});
