import { expect, it } from 'vitest';
import type { Observation } from '../../src/model/observation.ts';
import { lastingBlindness } from '../../src/rules/windows/blindness.ts';
import { connectionsOf } from '../../src/rules/windows/connections.ts';
import { availability } from '../../src/rules/windows/outage.ts';
import { emptyWindows, remember } from '../../src/rules/windows/windows.ts';
import { healthRound, isolationLook, limits, rules } from './looks.ts';

const minute = 60_000;
const longer = 16 * minute;
const rounds = (until: number, round: (at: number) => Observation[]) =>
  Array.from({ length: until / 10_000 }, (_, index) => round(index * 10_000)).flat();

function blindness(observations: readonly Observation[], now: number) {
  const windows = remember(emptyWindows(limits), observations, now);
  const seen = {
    availability: availability(windows, rules.unavailable, 0, now),
    connections: connectionsOf('unified', windows, rules['database-connection'], now),
  };
  const found = lastingBlindness(windows, rules.unavailable, seen, 0, now);
  return found.map(({ probe, since }) => ({ probe, since }));
}

const blind = (probe: Observation['probe'], at: number): Observation => ({
  probe,
  at,
  tookMs: 1,
  status: 'unobserved',
  reason: 'certificate has expired',
});

it('is lasting only when it has lasted for longer than an outage may', () => {
  const never = (until: number) => rounds(until, (at) => healthRound('blind', at));
  expect(blindness(never(10 * minute), 10 * minute)).toEqual([]);
  expect(blindness(never(longer), longer)).toEqual([{ probe: 'health', since: 0 }]);
});

it('is the own eyesight first: without it nothing else can be told', () => {
  const offline = rounds(longer, (at) => [...healthRound('offline', at), blind('mongo', at)]);
  expect(blindness(offline, longer)).toEqual([{ probe: 'control', since: 0 }]);
});

it('is an answer that nothing else agrees with, too', () => {
  expect(
    blindness(
      rounds(longer, (at) => healthRound('disputed', at)),
      longer,
    ),
  ).toEqual([{ probe: 'health', since: 0 }]);
});

it('is a database that cannot be asked, until it can', () => {
  const asked = rounds(longer, (at) => [...healthRound('up', at), blind('mongo', at)]);
  expect(blindness(asked, longer)).toEqual([{ probe: 'mongo', since: 0 }]);
  const values = { unified: 'reachable', legacy: 'reachable', legacyWritable: true } as const;
  const seen: Observation = { probe: 'mongo', at: longer, tookMs: 1, status: 'observed', values };
  expect(blindness([...asked, seen], longer)).toEqual([]);
});

it('is a database that rollbackd alone cannot reach, while the application says that it is connected', () => {
  const values = { unified: 'unreachable', legacy: 'reachable', legacyWritable: true } as const;
  const round = (database: 'connected' | 'disconnected') => (at: number) => {
    const said = healthRound('up', at).map((look): Observation => {
      if (look.probe !== 'health' || look.status !== 'observed') return look;
      return { ...look, values: { ...look.values, application: { ...look.values.application, database } } };
    });
    return [...said, { probe: 'mongo', at, tookMs: 1, status: 'observed', values } satisfies Observation];
  };
  expect(blindness(rounds(longer, round('connected')), longer)).toEqual([{ probe: 'mongo', since: 0 }]);
  expect(blindness(rounds(longer, round('disconnected')), longer)).toEqual([]);
  const reached: Observation = {
    probe: 'mongo',
    at: longer,
    tookMs: 1,
    status: 'observed',
    values: { ...values, unified: 'reachable' },
  };
  expect(blindness([...rounds(longer, round('connected')), reached], longer)).toEqual([]);
});

it('is a log of requests that cannot be read, and not silence in one that can', () => {
  const unread = rounds(longer, (at) => [...healthRound('up', at), blind('requests', at)]);
  expect(blindness(unread, longer)).toEqual([{ probe: 'requests', since: 0 }]);
  const quiet: Observation = { probe: 'requests', at: longer, tookMs: 1, status: 'observed', values: { slots: [] } };
  expect(blindness([...unread, quiet], longer)).toEqual([]);
});

it.each(['blind', 'empty'] as const)(
  'is isolation that proves nothing (%s) while the application serves, and only then',
  (kind) => {
    const silent = (at: number) => isolationLook(kind, at);
    const served = rounds(longer, (at) => [...healthRound('up', at), silent(at)]);
    expect(blindness(served, longer)).toEqual([{ probe: 'isolation', since: 0 }]);
    expect(blindness([...served, isolationLook('clean', longer)], longer)).toEqual([]);
    const down = rounds(longer, (at) => [...healthRound('down', at), silent(at)]);
    expect(blindness([...down, ...healthRound('up', longer)], longer + 100)).toEqual([]);
  },
);
