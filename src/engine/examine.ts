import type { Logger } from 'pino';
import type { Clock } from '../core/clock.ts';
import { runUnderWay } from '../incident/read-state.ts';
import { aboutDaemon } from '../model/message-identity.ts';
import { type Obstacle, obstacleInWords } from '../model/obstacle.ts';
import type { Memory } from './memory.ts';

export interface ExamineDependencies {
  readonly preflight: (signal: AbortSignal) => Promise<readonly Obstacle[]>;
  readonly clock: Clock;
  readonly memory: Memory;
  readonly log: Pick<Logger, 'warn' | 'info'>;
  readonly onFault: (fault: unknown) => void;
}

export interface Examination {
  run(signal: AbortSignal): Promise<void>;
  /** What the last look found. */
  obstacles(): readonly Obstacle[];
}

const minute = 60_000;
const calmPace = 10 * minute;
const tellAgainAfter = 24 * 60 * minute;

interface Past {
  /** What the last look found. */
  readonly seen: string;
  /** What people were told last; nothing at first. */
  readonly told: string;
  readonly toldAt: number;
}

/**
 * From the start, in every mode: what would hinder acting is better known before it is needed. Told when two looks, a minute apart,
 * agree, since a process manager may just be starting; told anew when it changes, and once a day while it stays.
 */
export function examination(dependencies: ExamineDependencies): Examination {
  let obstacles: readonly Obstacle[] = [];
  const preflight: ExamineDependencies['preflight'] = async (signal) => {
    obstacles = await dependencies.preflight(signal);
    return obstacles;
  };
  return {
    run: (signal) => examineTarget({ ...dependencies, preflight }, signal),
    obstacles: () => obstacles,
  };
}

async function examineTarget(dependencies: ExamineDependencies, signal: AbortSignal): Promise<void> {
  const { clock, memory, onFault } = dependencies;
  let past: Past = { seen: '', told: '', toldAt: 0 };
  while (!signal.aborted) {
    // A run changes what is looked at, and looks itself.
    if (!runUnderWay(memory.state())) {
      try {
        past = await examine(dependencies, past, signal);
      } catch (fault) {
        if (!signal.aborted) onFault(fault);
      }
    }
    await clock.sleep(past.seen === past.told ? calmPace : minute, signal).catch(() => {});
  }
}

async function examine(
  { preflight, clock, memory, log }: ExamineDependencies,
  past: Past,
  signal: AbortSignal,
): Promise<Past> {
  const found = (await preflight(signal)).map(obstacleInWords);
  const seen = found.join('\n');
  if (seen !== past.seen) {
    if (seen === '') log.info('nothing would hinder rollbackd from acting any more');
    else log.warn({ hindrances: found }, 'this would hinder rollbackd from acting');
  }
  const now = clock.now();
  const isNews = seen !== past.told || (seen !== '' && now - past.toldAt >= tellAgainAfter);
  if (seen !== past.seen || !isNews) return { ...past, seen };
  tell(memory, seen);
  return { seen, told: seen, toldAt: now };
}

function tell(memory: Memory, hindering: string): void {
  const { lastSeq, mode } = memory.state();
  const message = aboutDaemon('hindrances', String(lastSeq));
  if (hindering === '') {
    const subject = 'nothing hinders rollbackd any more';
    memory.append({
      kind: 'message.queued',
      message,
      subject,
      text: 'What was told before is put right.',
      urgency: 'told',
    });
    return;
  }
  const subject = 'something would hinder rollbackd from acting';
  const text = `${hindering}\nPut this right now: when it matters, a stop or a rollback would fail because of it.`;
  const urgency = mode === 'observe' ? 'told' : 'alarmed';
  memory.append({ kind: 'message.queued', message, subject, text, urgency });
}
