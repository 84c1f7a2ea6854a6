import { afterEach, describe, expect, it } from 'vitest';
import { Observer } from '../../src/engine/observer.ts';
import type { Observation, ProbeName } from '../../src/model/observation.ts';
import type { Probe } from '../../src/probes/contract.ts';
import { type ManualClock, manualClock } from '../manual-clock.ts';

const stopping: AbortController[] = [];
afterEach(() => {
  for (const one of stopping.splice(0)) one.abort(new Error('over'));
});

const seen = (): Observation[] => [
  { probe: 'control', status: 'observed', at: 0, tookMs: 0, values: { loopDelayMs: 0 } },
];

interface FakeProbe extends Probe {
  /** When each look began, on the monotonic clock. */
  readonly looks: number[];
}

function watch(
  probes: readonly {
    name: ProbeName;
    everyMs: number;
    look?: (count: number, clock: ManualClock) => Promise<Observation[]>;
  }[],
  { isQuiet = () => false }: { isQuiet?: (probe: ProbeName) => boolean } = {},
) {
  const clock = manualClock();
  const fakes = probes.map(({ name, everyMs, look }): FakeProbe => {
    const looks: number[] = [];
    const once = (signal: AbortSignal) => {
      looks.push(clock.monotonic());
      signal.throwIfAborted();
      return look?.(looks.length, clock) ?? Promise.resolve(seen());
    };
    return { name, everyMs, looks, look: once };
  });
  const got: Observation[] = [];
  const observer = new Observer({ probes: fakes, clock, isQuiet, onObservations: (more) => void got.push(...more) });
  const stop = new AbortController();
  stopping.push(stop);
  return { clock, observer, stop, got, looksOf: fakes.map(({ looks }) => looks), work: observer.run(stop.signal) };
}

describe('the observer', () => {
  it('lets each probe look at its own pace, beginning at once', async () => {
    const { clock, looksOf } = watch([
      { name: 'control', everyMs: 5_000 },
      { name: 'health', everyMs: 10_000 },
    ]);
    await clock.pass(20_000);
    expect(looksOf).toEqual([
      [0, 5_000, 10_000, 15_000, 20_000],
      [0, 10_000, 20_000],
    ]);
  });

  it('counts the time a look took as part of the pause after it', async () => {
    const stage = watch([{ name: 'health', everyMs: 10_000, look: (_count, clock) => clock.sleep(4_000).then(seen) }]);
    await stage.clock.pass(25_000);
    expect(stage.looksOf[0]).toEqual([0, 10_000, 20_000]);
  });

  it('never has two looks of one probe under way, however long one takes', async () => {
    const stage = watch([{ name: 'health', everyMs: 10_000, look: (_count, clock) => clock.sleep(35_000).then(seen) }]);
    await stage.clock.pass(40_000);
    expect(stage.looksOf[0]).toEqual([0, 35_010]);
  });

  it('lets one probe that hangs hold up no other', async () => {
    const { clock, looksOf } = watch([
      { name: 'health', everyMs: 5_000, look: () => new Promise(() => {}) },
      { name: 'control', everyMs: 5_000 },
    ]);
    await clock.pass(20_000);
    expect(looksOf.map(({ length }) => length)).toEqual([1, 5]);
  });

  it('turns a look that throws into one that saw nothing, and goes on', async () => {
    const { clock, got } = watch([
      {
        name: 'mongo',
        everyMs: 15_000,
        look: (count) => (count === 1 ? Promise.reject(new Error('a bug')) : Promise.resolve(seen())),
      },
    ]);
    await clock.pass(15_000);
    expect(got[0]).toMatchObject({ probe: 'mongo', status: 'unobserved', reason: 'a bug' });
    expect(got[1]).toMatchObject({ status: 'observed' });
  });

  it('does not leave a probe blind for long that looks seldom', async () => {
    const { clock, looksOf } = watch([
      {
        name: 'tenants',
        everyMs: 300_000,
        look: (count) => (count < 3 ? Promise.reject(new Error('mongod is away')) : Promise.resolve(seen())),
      },
    ]);
    await clock.pass(320_000);
    expect(looksOf[0]).toEqual([0, 10_000, 20_000, 320_000]);
  });

  it('does not look while a run must not be disturbed', async () => {
    let quiet = true;
    const { clock, looksOf, got } = watch([{ name: 'isolation', everyMs: 10_000 }], { isQuiet: () => quiet });
    await clock.pass(25_000);
    expect([looksOf[0], got]).toEqual([[], []]);
    quiet = false;
    await clock.pass(10_000);
    expect(looksOf[0]).toEqual([30_000]);
  });

  it('ends with its signal, and passes on nothing that was seen after it', async () => {
    const stage = watch([{ name: 'health', everyMs: 10_000, look: (_count, clock) => clock.sleep(5_000).then(seen) }]);
    await stage.clock.pass(1_000);
    stage.stop.abort(new Error('the daemon stops'));
    await stage.clock.pass(10_000);
    await stage.work;
    expect(stage.got).toEqual([]);
    expect(stage.clock.sleepers()).toBe(0);
  });

  it('hands on at once what cannot wait, each observation once, and keeps the whole look as the latest', async () => {
    const clock = manualClock();
    const stop = new AbortController();
    stopping.push(stop);
    const [urgent, rest] = [seen(), seen()];
    const handedOn: (readonly Observation[])[] = [];
    const observer = new Observer({
      clock,
      isQuiet: () => false,
      probes: [
        {
          name: 'isolation',
          everyMs: 30_000,
          async look(signal, tell) {
            tell?.(urgent);
            tell?.(urgent);
            await clock.sleep(1_000, signal);
            return [...rest, ...urgent];
          },
        },
      ],
      onObservations: (more) => void handedOn.push(more),
    });
    const work = observer.run(stop.signal);
    await clock.pass(500);
    expect(handedOn[0]).toEqual(urgent);
    expect(observer.latest()).toEqual([]);
    await clock.pass(500);
    expect(handedOn.flat()).toHaveLength(2);
    expect(observer.latest()).toEqual([...rest, ...urgent]);
    stop.abort();
    await work;
  });
});
