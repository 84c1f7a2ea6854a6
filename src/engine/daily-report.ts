import { schedule } from 'node-cron';
import type { Clock } from '../core/clock.ts';
import { modeInForce } from '../incident/read-state.ts';
import type { JournalEvent } from '../model/event.ts';
import { dueReport } from '../report/daily.ts';
import type { Memory } from './memory.ts';

export interface DailyReportDependencies {
  readonly daily: string;
  readonly memory: Pick<Memory, 'state' | 'owe'>;
  /** The whole journal. */
  readonly events: () => Iterable<JournalEvent>;
  readonly clock: Pick<Clock, 'now'>;
}

/** Queues what is due at once, which catches up after a stop, and then every day until it is disposed of. */
export function startDailyReport(dependencies: DailyReportDependencies): Disposable {
  const [hours, minutes] = dependencies.daily.split(':');
  tellDue(dependencies);
  const task = schedule(`${Number(minutes)} ${Number(hours)} * * *`, () => tellDue(dependencies));
  return { [Symbol.dispose]: () => void task.destroy() };
}

/** Only while it observes: whoever asks or acts has told people already. */
function tellDue({ daily, memory, events, clock }: DailyReportDependencies): void {
  const now = clock.now();
  const state = memory.state();
  if (modeInForce(state, now) !== 'observe') return;
  const due = dueReport(events(), daily, now);
  // What is owed to a full disk is known already, though the journal does not hold it yet.
  if (due && !state.messages.has(due.message)) memory.owe(due);
}
