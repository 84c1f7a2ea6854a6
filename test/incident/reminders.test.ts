import { describe, expect, it } from 'vitest';
import type { Decision } from '../../src/model/decision.ts';
import { armed, begin, decisionTo, opened, planOf } from './histories.ts';
import { decisionOn, Life, minute, verdictOf } from './living.ts';

const incident = 'incident-1';
const down = decisionOn(verdictOf('unavailable', 'breach'));
const failing = (...tenants: string[]) =>
  decisionOn(verdictOf('error-rate-severe', 'breach', { tier: 'severe', tenants }));

/** A life in which a person's rollback is being watched. */
function watched(): Life {
  const life = new Life();
  life.look(0, down);
  life.write(
    0,
    {
      kind: 'run.started',
      run: 'run-1',
      incident,
      plan: { ...planOf('rollback'), steps: [] },
      authority: { by: 'person', person: 'Sari', role: 'on-call-lead', reason: 'r' },
    },
    { kind: 'run.finished', run: 'run-1', outcome: 'succeeded', reason: 'r' },
    { kind: 'watch.started', run: 'run-1', until: begin + 240 * minute },
  );
  life.look(0, decisionOn(verdictOf('unavailable', 'clear')));
  life.heard();
  return life;
}

describe('a finding of the watch', () => {
  it('is one for each criterion: another list of tenants pages nobody', () => {
    const life = watched();
    for (const [at, seen] of [failing('a', 'b'), failing('a', 'c'), failing('b'), failing()].entries())
      life.look(at + 1, seen);
    expect(life.heard()).toMatchObject([{ what: 'found', text: expect.stringContaining('in breach for a, b.') }]);
    expect(life.state.watch?.findings).toEqual(['error-rate-severe in breach']);
    life.look(6, down);
    expect(life.heard()).toMatchObject([{ what: 'found', text: expect.stringContaining('unavailable is in breach.') }]);
  });

  it('is told again half an hour after it was told, whenever in the watch that was', () => {
    const life = watched();
    for (let at = 29.5; at < 59; at += 0.5) life.look(at, failing('a', 'b'));
    expect(life.heard().map(({ at }) => at)).toEqual([29.5]);
    life.look(59.5, failing('c'));
    expect(life.heard()).toMatchObject([{ text: expect.stringContaining('in breach for c.') }]);
  });
});

describe('findings of one look', () => {
  it('name their own tenants', () => {
    const life = watched();
    const severe = { tier: 'severe' } as const;
    life.look(
      1,
      decisionOn(
        verdictOf('error-rate-severe', 'breach', { ...severe, tenants: ['a'] }),
        verdictOf('latency-severe', 'breach', { ...severe, tenants: ['b'] }),
      ),
    );
    expect(life.heard().map(({ text }) => text.split('\n')[0])).toEqual([
      'error-rate-severe is in breach for a.',
      'latency-severe is in breach for b.',
    ]);
  });
});

describe('a watch', () => {
  it('ends at its time, whatever is in breach by then', () => {
    const life = watched();
    life.look(239, down);
    expect(life.next(240 - 1 / 60, down)).toEqual([]);
    expect(life.next(240, down)).toMatchObject([{ kind: 'close-watch', run: 'run-1' }]);
  });

  it('of an earlier migration ends with the next cut-over, not before it has come', () => {
    const life = watched();
    const cutoverAt = begin + 60 * minute;
    expect(life.next(59, down, { cutoverAt })).not.toContainEqual(expect.objectContaining({ kind: 'close-watch' }));
    expect(life.next(60, down, { cutoverAt })).toMatchObject([{ kind: 'close-watch', run: 'run-1' }]);
  });

  it('that has ended closes its incident, and only then', () => {
    const life = watched();
    expect(life.look(239, decisionOn(verdictOf('unavailable', 'clear')))).toEqual([]);
    life.write(240, { kind: 'watch.closed', run: 'run-1', summary: {} });
    expect(life.look(240, decisionOn(verdictOf('unavailable', 'clear')))).toEqual(['close']);
  });
});

describe('what the daemon has done alone', () => {
  const clear = decisionOn(verdictOf('unavailable', 'clear'));
  const alone = () => {
    const life = new Life();
    life.write(0, armed);
    life.write(0, ...opened(incident, decisionTo('rollback')));
    life.write(0, {
      kind: 'run.started',
      run: 'run-1',
      incident,
      plan: { ...planOf('rollback'), steps: [] },
      authority: { by: 'daemon' },
    });
    return life;
  };

  it('is to be acknowledged once it has ended, and every half hour until somebody does', () => {
    const life = alone();
    life.look(0, clear);
    expect(life.heard()).toEqual([]);
    life.write(1, { kind: 'run.finished', run: 'run-1', outcome: 'succeeded', reason: 'r' });
    for (let at = 1; at <= 61; at += 0.5) {
      life.look(at, clear);
      if (life.next(at, clear).some(({ kind }) => kind === 'start-watch'))
        life.write(at, { kind: 'watch.started', run: 'run-1', until: begin + 240 * minute });
    }
    const asked = life.heard().filter(({ what }) => what === 'acknowledge');
    expect(asked.map(({ at, urgency }) => [at, urgency])).toEqual([
      [1.5, 'asked'],
      [31.5, 'asked'],
    ]);
    life.write(61, { kind: 'run.acknowledged', run: 'run-1', person: 'Sari' });
    life.look(100, clear);
    expect(life.heard()).toEqual([]);
  });
});

describe('a reminder', () => {
  it('comes a whole period after what it reminds of was told, at the turn of no other', () => {
    const life = new Life();
    const alone = decisionOn(verdictOf('error-rate-severe', 'exempt', { told: true, tier: 'severe' }));
    life.look(0, alone);
    life.heard();
    // Worse after nine minutes and a half: told then, and not again half a minute later.
    for (let at = 9.5; at <= 19; at += 0.5) life.look(at, decisionOn(verdictOf('latency-severe', 'breach')));
    expect(life.heard().map(({ what, at }) => [what, at])).toEqual([
      ['decided', 9.5],
      ['asked', 9.5],
    ]);
    life.look(19.5, decisionOn(verdictOf('latency-severe', 'breach')));
    expect(life.heard()).toMatchObject([{ what: 'asked', subject: `${incident}: still waiting` }]);
  });

  it('comes once after a long time in which nothing could be told', () => {
    const life = new Life();
    life.look(0, down);
    life.heard();
    life.look(300, down);
    life.look(301, down);
    expect(life.heard()).toHaveLength(1);
  });

  it('of new trouble comes every ten minutes, and says for how long nobody has settled it', () => {
    const life = new Life();
    const flapping = { within: 5 * minute };
    life.look(0, down, { flapping });
    life.heard();
    for (let at = 1; at <= 20; at += 1) life.look(at, down, { flapping });
    expect(life.heard().map(({ at, text }) => [at, text.split('\n')[0]])).toEqual([
      [10, 'Nobody has settled it for 10m.'],
      [20, 'Nobody has settled it for 20m.'],
    ]);
  });

  it('of trouble that came back says so', () => {
    const life = new Life();
    for (const [at, seen] of [down, decisionOn(verdictOf('unavailable', 'clear')), down].entries()) life.look(at, seen);
    life.heard();
    life.look(30, down);
    expect(life.heard()).toMatchObject([{ text: expect.stringMatching(/^Back for the 1st time since/m) }]);
  });

  it('says that no yes is taken where people are asked and a rollback would not help, and only there', () => {
    const unhelped: Decision = {
      ...down,
      action: 'hold',
      guards: [{ guard: 'would-help', outcome: 'failed', reason: 'legacy was down' }],
    };
    const reminded = (first: Decision) => {
      const life = new Life();
      life.look(0, first);
      life.look(1, unhelped);
      life.heard();
      life.look(10, unhelped);
      return life.heard().map(({ subject, text }) => [subject, text.includes('no yes is taken')]);
    };
    expect(reminded(down)).toEqual([[`${incident}: still waiting`, true]]);
    expect(reminded(unhelped)).toEqual([[`${incident}: still waiting`, false]]);
  });
});
