import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { startDailyReport } from '../../src/engine/daily-report.ts';
import { openMemory } from '../../src/engine/memory.ts';
import { identityOf } from '../../src/model/message-identity.ts';
import type { Mode } from '../../src/model/mode.ts';
import { memoryJournal } from './memory-journal.ts';

const day = 86_400_000;
const now = new Date(2026, 0, 10, 9, 30).getTime();

function daemon(mode: Exclude<Mode, 'armed'>, since = now - day) {
  const journal = memoryJournal([{ kind: 'daemon.started', version: '0', configHash: 'c', pid: 1 }], () => since);
  const memory = openMemory(journal, mode);
  const start = () => startDailyReport({ daily: '08:00', memory, events: journal.read, clock: { now: Date.now } });
  const reports = () =>
    [...journal.read()].filter(
      ({ body }) => body.kind === 'message.queued' && identityOf(body.message).topic.of.what === 'daily',
    );
  return { start, reports };
}

describe('the daily report', () => {
  beforeEach(() => void vi.useFakeTimers({ now }));
  afterEach(() => void vi.useRealTimers());

  it('is caught up at a start, and told once even where there are two of them', () => {
    const { start, reports } = daemon('observe');
    using _ = start();
    using __ = start();
    expect(reports()).toHaveLength(1);
  });

  it('comes at its time of day, every day', async () => {
    const { start, reports } = daemon('observe');
    using _ = start();
    await vi.advanceTimersByTimeAsync(2 * day);
    expect(reports()).toHaveLength(3);
  });

  it('is for a daemon that only observes', async () => {
    const { start, reports } = daemon('approve');
    using _ = start();
    await vi.advanceTimersByTimeAsync(day);
    expect(reports()).toHaveLength(0);
  });

  it('comes no more once the session is over', async () => {
    const { start, reports } = daemon('observe');
    start()[Symbol.dispose]();
    await vi.advanceTimersByTimeAsync(day);
    expect(reports()).toHaveLength(1);
  });
});
