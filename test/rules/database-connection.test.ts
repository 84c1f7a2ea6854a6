import { describe, expect, it } from 'vitest';
import type { Observation } from '../../src/model/observation.ts';
import type { Version } from '../../src/model/version.ts';
import { judgeDatabaseConnection } from '../../src/rules/criteria/database-connection.ts';
import { connectionsOf } from '../../src/rules/windows/connections.ts';
import { emptyWindows, remember } from '../../src/rules/windows/windows.ts';
import { limits, rules } from './looks.ts';

const rule = rules['database-connection'];
type Said = 'connected' | 'disconnected' | 'nothing';
type Reached = 'reachable' | 'unreachable' | 'login-refused' | 'blind';

interface Story {
  /** Every ten seconds. */
  readonly application?: readonly Said[];
  /** Every fifteen seconds. */
  readonly mongo?: readonly Reached[];
  /** Whose databases they are; the others are well. */
  readonly databases?: Version;
  /** The observer's own network. */
  readonly offline?: boolean;
}

const control = (at: number, offline: boolean): Observation => {
  const head = { probe: 'control', at, tookMs: 0 } as const;
  if (offline) return { ...head, status: 'unobserved', reason: 'offline' };
  return { ...head, status: 'observed', values: { loopDelayMs: 1 } };
};

function health(at: number, said: Said): Observation {
  const up = { outcome: 'up', why: 'ok', tookMs: 1 } as const;
  const application = said === 'nothing' ? up : { ...up, database: said };
  return { probe: 'health', at, tookMs: 1, status: 'observed', values: { application, balancer: up, vantage: {} } };
}

function mongo(at: number, reached: Reached, version: Version): Observation {
  if (reached === 'blind') return { probe: 'mongo', at, tookMs: 1, status: 'unobserved', reason: 'blind' };
  const values = { unified: 'reachable', legacy: 'reachable', legacyWritable: true, [version]: reached } as const;
  return { probe: 'mongo', at, tookMs: 1, status: 'observed', values };
}

function judge(story: Story, { late = 0, from = 0, expected = 'unified' as Version } = {}) {
  const { application = [], mongo: reached = [], databases = 'unified', offline = false } = story;
  const looks = [
    ...application.map((said, index) => health(index * limits.healthEvery, said)),
    ...reached.map((each, index) => mongo(index * limits.mongoEvery, each, databases)),
  ];
  const last = Math.max(0, ...looks.map(({ at }) => at));
  const controls = Array.from({ length: last / 5_000 + 2 }, (_, index) => control(index * 5_000, offline));
  const windows = remember(emptyWindows(limits), [...controls, ...looks], last + 5_000);
  const now = last + 5_000 + late;
  return judgeDatabaseConnection(connectionsOf(expected, windows, rule, now, from), expected, rule, now);
}
const times = <T>(count: number, one: T): T[] => Array.from({ length: count }, () => one);

describe('connections to the unified database', () => {
  it('have failed when the application says so for longer than configured', () => {
    expect(judge({ application: times(13, 'disconnected') })).toMatchObject({ verdict: 'pending', value: 120_000 });
    const verdict = judge({ application: times(14, 'disconnected') });
    expect(verdict).toMatchObject({ verdict: 'breach', tier: 'severe', value: 130_000, unit: 'ms', samples: 14 });
    expect(verdict.reason).toBe(
      'the application says that it has no database for 2m10s (threshold 2m) in 14 looks since 1970-01-01T00:00:00Z',
    );
  });

  it('have failed when rollbackd itself cannot reach the database; a password that is refused is its own', () => {
    expect(judge({ mongo: times(10, 'unreachable') })).toMatchObject({ verdict: 'breach', value: 135_000 });
    expect(judge({ mongo: times(10, 'login-refused') }).verdict).toBe('inconclusive');
  });

  it('are not to blame while rollbackd’s own network is gone', () => {
    expect(judge({ mongo: times(20, 'unreachable'), offline: true }).verdict).toBe('inconclusive');
  });

  it('are in doubt where rollbackd alone cannot reach the database: the application knows better how it fares', () => {
    const verdict = judge({ application: times(14, 'connected'), mongo: times(10, 'unreachable') });
    expect(verdict).toMatchObject({ verdict: 'inconclusive', value: 135_000 });
    expect(verdict.reason).toMatch(/cannot be reached for 2m15s .* for rollbackd, while the application says that/);
  });

  it('are told of by the worse of the two where both have trouble, and by rollbackd where the application is silent since', () => {
    const both = { application: times<Said>(14, 'disconnected'), mongo: times<Reached>(10, 'unreachable') };
    expect(judge(both)).toMatchObject({ verdict: 'breach', value: 135_000 });
    const silent = [...times<Said>(8, 'connected'), ...times<Said>(6, 'nothing')];
    expect(judge({ ...both, application: silent }).verdict).toBe('breach');
  });

  it('are those to the databases of the version that is expected to run', () => {
    const switchedOff = { mongo: times<Reached>(10, 'unreachable') };
    expect(judge(switchedOff, { expected: 'legacy' })).toMatchObject({
      verdict: 'clear',
      reason: 'connections to the legacy databases work',
    });
    const verdict = judge({ ...switchedOff, databases: 'legacy' }, { expected: 'legacy' });
    expect(verdict.verdict).toBe('breach');
    expect(verdict.reason).toMatch(/^the legacy databases cannot be reached for/);
  });

  it('work again only after they have been seen to for long enough', () => {
    const before = times<Said>(14, 'disconnected');
    expect(judge({ application: [...before, ...times<Said>(6, 'connected')] })).toMatchObject({
      verdict: 'pending',
      reason: expect.stringMatching(/^works again; until then the application says/),
    });
    expect(judge({ application: [...before, ...times<Said>(7, 'connected')] }).verdict).toBe('clear');
  });

  it('that work more often than not are no breach', () => {
    const flapping = times(30, ['disconnected', 'disconnected', 'connected', 'connected', 'connected'] as const).flat();
    const verdict = judge({ application: [...flapping, 'disconnected', 'disconnected'] });
    expect(verdict).toMatchObject({ verdict: 'pending' });
    expect(verdict.reason).toMatch(/it worked in 90 looks in between$/);
  });

  it('are in doubt when the one who told of trouble tells no more, though the other is content', () => {
    const application = [...times<Said>(14, 'disconnected'), ...times<Said>(7, 'nothing')];
    const verdict = judge({ application, mongo: times(14, 'reachable') });
    expect(verdict.verdict).toBe('inconclusive');
    expect(verdict.reason).toMatch(/^the application has told nothing since 1970-01-01T00:02:10Z/);
  });

  it('are in doubt where nobody tells, or nobody has for a while, and never pass by that', () => {
    expect(judge({ application: times(5, 'nothing') })).toMatchObject({
      verdict: 'inconclusive',
      reason: 'nothing has told about connections so far',
    });
    expect(judge({ mongo: times(5, 'reachable') }, { late: 60_000 }).verdict).toBe('inconclusive');
    expect(judge({ mongo: times(5, 'blind') }).verdict).toBe('inconclusive');
    expect(judge({ mongo: times(10, 'unreachable') }, { late: 60_000 }).verdict).toBe('inconclusive');
  });

  it('are judged from the given moment on', () => {
    const story = { application: times<Said>(14, 'disconnected') };
    expect(judge(story, { from: 100_000 })).toMatchObject({ verdict: 'pending', since: 100_000, value: 30_000 });
  });
});
