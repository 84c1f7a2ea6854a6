import { describe, expect, it } from 'vitest';
import { type CommandName, catalogue } from '../../src/commands/catalogue.ts';
import type { EventBody } from '../../src/model/event.ts';
import { as, asking, contained, opened, people, rollbackFailed, stage } from './fixture.ts';

const everybody = [...people.map(({ name }) => name), 'stranger'];
const leaders = ['ana', 'bo', 'eva', 'tom'];
const anybody = people.map(({ name }) => name);
const reason = 'because';
const read = { incident: 'inc-1', revision: 1 };
const armed: EventBody = {
  kind: 'mode.armed',
  reason: 'the migration went well',
  person: 'ana',
  role: 'senior-engineer',
  until: 1,
  manifestHash: 'm',
  configHash: 'c',
  guardsOff: [],
};
const paused: EventBody = { kind: 'acting.paused', person: 'ana', reason, until: Number.MAX_SAFE_INTEGER };

interface Row {
  readonly command: CommandName;
  readonly args?: Record<string, unknown>;
  readonly past?: EventBody[];
  readonly may: readonly string[];
  readonly when?: string;
}

const table: Row[] = [
  { command: 'approve', when: 'critical', args: read, past: asking('critical'), may: ['ana', 'bo'] },
  { command: 'approve', when: 'severe', args: read, past: asking('severe'), may: ['eva', 'tom'] },
  { command: 'approve', when: 'moderate', args: read, past: asking('moderate'), may: ['eva', 'pia'] },
  { command: 'reject', when: 'critical', args: { ...read, reason }, past: asking('critical'), may: ['ana', 'bo'] },
  { command: 'reject', when: 'severe', args: { ...read, reason }, past: asking('severe'), may: ['eva', 'tom'] },
  { command: 'reject', when: 'moderate', args: { ...read, reason }, past: asking('moderate'), may: ['eva', 'pia'] },
  { command: 'snooze', past: opened(), may: anybody },
  { command: 'pause', args: { reason }, may: anybody },
  { command: 'unpause', past: [paused], may: anybody },
  { command: 'arm', args: { reason }, may: leaders },
  { command: 'disarm', past: [armed], may: anybody },
  { command: 'rollback', args: { reason }, may: leaders },
  { command: 'rollback', when: 'dry run', args: { dryRun: true }, may: everybody },
  { command: 'resume', past: rollbackFailed(), may: leaders },
  { command: 'release', args: { reason }, past: contained(), may: leaders },
  { command: 'acknowledge', args: { serving: 'legacy' }, past: rollbackFailed(), may: leaders },
  { command: 'close', args: { reason }, past: opened(), may: leaders },
];

describe.each(table)('$command $when', ({ command, args = {}, past = [], may }) => {
  it.each(everybody)('is decided by role alone: %s', async (name) => {
    const { context, journalled, asked } = stage({ past });
    const given = catalogue[command].prepare(args).execute(context, as(name));
    if (may.includes(name)) {
      await given;
      return;
    }
    await expect(given).rejects.toMatchObject({ reason: 'not-authorised', remedy: expect.stringContaining('ask ') });
    const answers = command === 'approve' || command === 'reject';
    expect([...journalled(), ...asked]).toEqual(answers ? ['approval.refused'] : []);
  });
});

it('covers every command there is', () => {
  expect(new Set(table.map(({ command }) => command))).toEqual(new Set(Object.keys(catalogue)));
});

it('names those who could, with the roles that count', async () => {
  const { context } = stage({ past: asking('moderate') });
  const refused = catalogue.approve.prepare(read).execute(context, as('ana'));
  await expect(refused).rejects.toMatchObject({
    message: "ana's answer does not count here: it still takes engineering-manager and product-owner",
    remedy: 'ask eva (engineering-manager), or pia (product-owner)',
  });
});

it('says when nobody in the configuration could', async () => {
  const { context } = stage({ settings: { people: [{ name: 'dan', roles: ['database-administrator'] }] } });
  const refused = catalogue.arm.prepare({ reason }).execute(context, as('dan'));
  await expect(refused).rejects.toMatchObject({
    remedy: expect.stringContaining("nobody in the configuration's `people`"),
  });
});
