import { describe, expect, it } from 'vitest';
import { RollbackdError } from '../../src/core/errors.ts';
import { openMemory } from '../../src/engine/memory.ts';
import { control, health, isolation, type Judging, judging } from './judging.ts';
import { memoryJournal } from './memory-journal.ts';

const settle = async ({ engine, clock }: Judging) => {
  await clock.pass(0);
  await engine.idle();
};

/** One look of everything now; isolation with or without foreign documents. */
async function look(stage: Judging, ...foreign: string[]): Promise<void> {
  const now = stage.clock.now();
  stage.engine.take([control(now), health(now, true), isolation(now, ...foreign)], stage.stop.signal);
  await settle(stage);
}

async function isDownFor(stage: Judging, minutes: number): Promise<void> {
  for (let second = 0; second <= minutes * 60; second += 10) {
    const now = stage.clock.now();
    stage.engine.take([control(now), health(now, false)], stage.stop.signal);
    await settle(stage);
    await stage.clock.pass(10_000);
  }
}

const kinds = ({ moves }: Judging) => moves.map(({ kind }) => kind);

describe('the engine', () => {
  it('decides to contain a leak that was seen twice, without reading anything first', async () => {
    const stage = judging([]);
    await look(stage, 'b1');
    await stage.clock.pass(1_000);
    await look(stage, 'b1');
    expect(stage.decisions.at(-1)).toMatchObject({ action: 'contain', criterion: 'cross-tenant-leak' });
    expect(kinds(stage)).toContain('open-incident');
    expect(stage.gathered).toBe(0);
  });

  it('contains a leak although the facts about an outage are still being gathered', async () => {
    const stage = judging([], { gatherFacts: () => new Promise(() => {}) });
    await isDownFor(stage, 16);
    await look(stage, 'b1');
    await stage.clock.pass(1_000);
    await look(stage, 'b1');
    expect(stage.decisions.at(-1)).toMatchObject({ action: 'contain', criterion: 'cross-tenant-leak' });
  });

  it('gathers the facts for a breach once, not at every look', async () => {
    const stage = judging([]);
    await isDownFor(stage, 17);
    expect(stage.decisions.at(-1)).toMatchObject({ action: 'hold', criterion: 'unavailable' });
    expect(stage.gathered).toBe(1);
  });

  it('does not spin on a move that cannot be made now', async () => {
    let tried = 0;
    const stage = judging([], {
      performMove: async () => {
        tried += 1;
        throw new RollbackdError('run-under-way', 'a run is under way already');
      },
    });
    await look(stage, 'b1');
    await stage.clock.pass(1_000);
    await look(stage, 'b1');
    expect(tried).toBeGreaterThan(0);
    expect(tried).toBeLessThan(10);
  });

  it('survives a round that fails, and says so once when they all do', async () => {
    const stage = judging([], {
      performMove: async () => {
        throw new TypeError('a bug');
      },
    });
    for (let count = 0; count < 8; count++) {
      await look(stage, 'b1');
      await stage.clock.pass(1_000);
    }
    expect(stage.stuck).toEqual(['a bug']);
    expect(stage.engine.health()).toMatchObject({ ok: false });
    expect(stage.decisions.length).toBeGreaterThan(6);
  });

  it('goes on where even that cannot be told', async () => {
    const broken = () => {
      throw new Error('no space left');
    };
    const stage = judging([], { performMove: broken, onStuck: broken });
    for (let count = 0; count < 8; count++) {
      await look(stage, 'b1');
      await stage.clock.pass(1_000);
    }
    expect(stage.engine.health()).toMatchObject({ ok: false });
    expect(stage.decisions.length).toBeGreaterThan(6);
  });

  it('tells people what the journal cannot take, once for each thing that is to be told', async () => {
    const performMove = async () => {
      throw new RollbackdError('not-writable', 'no space left');
    };
    const memory = { ...openMemory(memoryJournal(), 'approve'), writable: false };
    const stage = judging([], { performMove, memory });
    for (let count = 0; count < 4; count++) {
      await look(stage, 'b1');
      await stage.clock.pass(1_000);
    }
    const nothingDone = expect.stringContaining('The journal cannot be written, so nothing is done about it.');
    expect([...memory.state().messages.values()]).toMatchObject([
      { subject: 'cross-tenant-leak (critical): hold', text: nothingDone, urgency: 'alarmed' },
      { subject: 'cross-tenant-leak (critical): contain', text: nothingDone, urgency: 'alarmed' },
    ]);
  });

  it.each([
    ['-90 s', -90_000],
    ['+1 h', 3_600_000],
  ])(
    'goes on with an outage of the right length where the wall clock is set by %s in the middle of it',
    async (_by, by) => {
      const stage = judging([]);
      const outage = () => stage.engine.verdicts().find(({ criterion }) => criterion === 'unavailable');
      await isDownFor(stage, 10);
      const before = outage();
      stage.clock.set(by);
      await isDownFor(stage, 4);
      expect(outage()).toMatchObject({ verdict: 'pending', value: 14 * 60_000 });
      expect(outage()?.since).toBe((before?.since ?? 0) + by);
      await isDownFor(stage, 1);
      expect(outage()).toMatchObject({ verdict: 'breach', value: 15 * 60_000 + 10_000 });
    },
  );

  it('is well while it judges, and not when it has not for long', async () => {
    const stage = judging([]);
    await look(stage);
    expect(stage.engine.health()).toMatchObject({ ok: true });
    await stage.clock.pass(3 * 60_000);
    expect(stage.engine.health()).toMatchObject({ ok: false });
  });

  it('judges no more once it is stopped', async () => {
    const stage = judging([]);
    stage.stop.abort(new Error('the daemon stops'));
    await look(stage, 'b1');
    expect(stage.decisions).toEqual([]);
  });
});
