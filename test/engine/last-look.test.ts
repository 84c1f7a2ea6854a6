import { describe, expect, it } from 'vitest';
import { type LastLookDependencies, whyCalledOff } from '../../src/engine/last-look.ts';
import { emptyState } from '../../src/incident/daemon-state.ts';
import { finished } from '../actions/perform.ts';
import { armed, begin, decisionTo, must, opened, planOf } from '../incident/histories.ts';
import { manualClock } from '../manual-clock.ts';
import { verdictsIn } from '../rules/arbitrary-verdicts.ts';

const alone = must(emptyState('approve'), armed, ...opened('incident-1', decisionTo('rollback')), {
  kind: 'run.started',
  run: 'run-1',
  incident: 'incident-1',
  plan: planOf('rollback'),
  authority: { by: 'daemon' },
});

const passed = { guard: 'max-writes-lost', outcome: 'passed', reason: '3 inserts' } as const;

function lookWith(over: Partial<LastLookDependencies>) {
  const clock = manualClock();
  const dependencies: LastLookDependencies = {
    memory: { state: () => alone },
    clock: { ...clock, now: () => begin },
    verdicts: () => verdictsIn('clear', 'breach'),
    writesGuard: async () => passed,
    ...over,
  };
  return finished(clock, whyCalledOff('run-1', dependencies, new AbortController().signal));
}

describe('the last look before anything is stopped', () => {
  it('lets a rollback go on whose breach still stands, and whose cost is within its limit', async () => {
    expect(await lookWith({})).toBeUndefined();
  });

  it('counts the writes once more: users went on while it was prepared', async () => {
    const writesGuard = async () => ({ ...passed, outcome: 'failed' as const, reason: '5000 inserts (limit 100)' });
    expect(await lookWith({ writesGuard })).toBe('5000 inserts (limit 100)');
  });

  it('waits until it can be told', async () => {
    let looks = 0;
    const verdicts = () => {
      looks += 1;
      return verdictsIn('clear', looks < 4 ? 'pending' : 'clear');
    };
    expect(await lookWith({ verdicts })).toMatch(/clear again/);
    expect(looks).toBe(4);
  });

  it('does not wait for ever', async () => {
    expect(await lookWith({ verdicts: () => verdictsIn('clear', 'inconclusive') })).toMatch(
      /could not be told within 5m/,
    );
  });
});
