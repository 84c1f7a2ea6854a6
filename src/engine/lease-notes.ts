import type { LeaseNotes } from '../adapters/mongo/contract.ts';
import type { Clock } from '../core/clock.ts';
import { leftOnTarget } from '../incident/left-on-target.ts';
import type { EventKind } from '../model/event.ts';
import type { Memory } from './memory.ts';

export interface LeaseNotesDependencies {
  readonly memory: Pick<Memory, 'state' | 'subscribe'>;
  readonly lease: LeaseNotes;
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
  const { memory } = dependencies;
  const changes = changesOf(memory);
  let toTell = leftOnTarget(memory.state()) !== undefined;
  while (!signal.aborted) {
    if (toTell) await tell(dependencies, signal);
    toTell = await changes.next(signal);
  }
  changes.end();
}

/** Until the server has taken it: what stands there by then is told. */
async function tell({ memory, lease, clock, onFault }: LeaseNotesDependencies, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      return await lease.note(leftOnTarget(memory.state()), signal);
    } catch (fault) {
      if (!signal.aborted) onFault(fault);
    }
    await clock.sleep(retryEvery, signal).catch(() => {});
  }
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
