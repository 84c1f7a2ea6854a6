import type { LeaseNotes } from '../adapters/mongo/contract.ts';
import type { Clock } from '../core/clock.ts';
import { explain } from '../core/errors.ts';
import { leftOnTarget } from '../incident/left-on-target.ts';
import type { EventKind } from '../model/event.ts';
import { alarm } from './alarm.ts';
import type { Memory } from './memory.ts';

export interface LeaseNotesDependencies {
  readonly memory: Pick<Memory, 'state' | 'subscribe' | 'owe'>;
  readonly lease: Pick<LeaseNotes, 'note'>;
  readonly newest: Pick<LeaseNotes, 'unknown'>;
  readonly clock: Clock;
  readonly onFault: (fault: unknown) => void;
}

const retryEvery = 15_000;

/** Events after which something else may stand on the target. */
const changing: ReadonlySet<EventKind> = new Set<EventKind>([
  'run.started',
  'run.resumed',
  'run.finished',
  'run.acknowledged',
  'containment.released',
  'incident.closed',
]);

/**
 * Tells other daemons, beside the lease, what this one has left on the target. A journal that knows of nothing takes nothing
 * back at the start: it may be a new one.
 */
export async function noteOnLease(dependencies: LeaseNotesDependencies, signal: AbortSignal): Promise<void> {
  await Promise.all([tellOfUnknown(dependencies, signal), noteChanges(dependencies, signal)]);
}

/** People hear at the start that nothing will be done, not when something must be. */
async function tellOfUnknown(dependencies: LeaseNotesDependencies, signal: AbortSignal): Promise<void> {
  const unknown = await untilAnswered(dependencies, () => dependencies.newest.unknown(signal), signal);
  if (unknown)
    alarm(
      dependencies.memory,
      'nothing is rolled back or contained: the journal is not the one that was',
      explain(unknown),
    );
}

async function noteChanges(dependencies: LeaseNotesDependencies, signal: AbortSignal): Promise<void> {
  const { memory, lease } = dependencies;
  const changes = changesOf(memory);
  let toTell = leftOnTarget(memory.state()) !== undefined;
  while (!signal.aborted) {
    // What stands there by the time that the server takes it is told.
    const note = () => lease.note(leftOnTarget(memory.state()), signal);
    if (toTell) await untilAnswered(dependencies, note, signal);
    toTell = await changes.next(signal);
  }
  changes.end();
}

/** Again and again while the server is away; undefined when the daemon stops. */
async function untilAnswered<T>(
  { clock, onFault }: LeaseNotesDependencies,
  ask: () => Promise<T>,
  signal: AbortSignal,
): Promise<T | undefined> {
  while (!signal.aborted) {
    try {
      return await ask();
    } catch (fault) {
      if (!signal.aborted) onFault(fault);
    }
    await clock.sleep(retryEvery, signal).catch(() => {});
  }
  return undefined;
}

/** Resolves at the next change, or at once where one has come meanwhile; false when the daemon stops. */
function changesOf(memory: Pick<Memory, 'subscribe'>) {
  let changed = false;
  let wake = () => {};
  const end = memory.subscribe(({ body }) => {
    if (!changing.has(body.kind)) return;
    changed = true;
    wake();
  });
  return {
    end,
    async next(signal: AbortSignal): Promise<boolean> {
      if (!changed && !signal.aborted) {
        await new Promise<void>((resolve) => {
          wake = resolve;
          signal.addEventListener('abort', () => resolve(), { once: true });
        });
      }
      changed = false;
      return !signal.aborted;
    },
  };
}
