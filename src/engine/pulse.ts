import type { Clock } from '../core/clock.ts';
import type { SqliteJournal } from '../journal/sqlite.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { Mode } from '../model/mode.ts';

const beatEvery = 1_000;
/** A loop that is this late is stuck: what supervises the daemon should restart it. */
const stuckAfter = 30_000;

export interface Pulse extends Disposable {
  /** Whether the loop has turned lately. */
  turns(): { readonly ok: boolean; readonly detail: string };
}

export interface PulseDependencies {
  readonly journal: Pick<SqliteJournal, 'writable' | 'probeWritable'>;
  readonly metrics: Pick<Metrics, 'loopLagged' | 'journalWritable' | 'modeInForce'>;
  readonly mode: () => Mode;
  readonly clock: Clock;
}

/** The daemon's own heartbeat: measures the lag of its loop, and tries a full disk again. */
export function startPulse({ journal, metrics, mode, clock }: PulseDependencies): Pulse {
  let lastBeat = clock.monotonic();
  const tell = () => {
    metrics.journalWritable(journal.writable);
    metrics.modeInForce(mode());
  };
  const timer = setInterval(() => {
    const now = clock.monotonic();
    metrics.loopLagged(Math.max(0, now - lastBeat - beatEvery));
    lastBeat = now;
    if (!journal.writable) journal.probeWritable();
    tell();
  }, beatEvery);
  // A scrape may come before the first beat.
  tell();
  return {
    turns: () => {
      const late = Math.round(clock.monotonic() - lastBeat);
      return { ok: late < stuckAfter, detail: `last beat ${late}ms ago` };
    },
    [Symbol.dispose]: () => clearInterval(timer),
  };
}
