import type { Clock } from '../core/clock.ts';
import type { JournalError } from '../journal/journal.ts';
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
  readonly journal: Pick<SqliteJournal, 'look' | 'writable' | 'refusal' | 'probeWritable'>;
  readonly metrics: Pick<Metrics, 'loopLagged' | 'journalWritable' | 'modeInForce'>;
  readonly mode: () => Mode;
  /** The journal takes nothing, for another reason than before. */
  readonly onRefusal: (refusal: JournalError) => void;
  readonly clock: Clock;
}

/** The daemon's own heartbeat: measures the lag of its loop, sees whether the journal is still there, and tries a full disk again. */
export function startPulse({ journal, metrics, mode, onRefusal, clock }: PulseDependencies): Pulse {
  let lastBeat = clock.monotonic();
  const tell = () => {
    metrics.journalWritable(journal.writable);
    metrics.modeInForce(mode());
  };
  let known: JournalError['reason'] | undefined;
  const tellRefusal = () => {
    const { refusal } = journal;
    if (refusal && refusal.reason !== known) onRefusal(refusal);
    known = refusal?.reason;
  };
  const timer = setInterval(() => {
    const now = clock.monotonic();
    metrics.loopLagged(Math.max(0, now - lastBeat - beatEvery));
    lastBeat = now;
    if (!journal.look()) journal.probeWritable();
    tellRefusal();
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
