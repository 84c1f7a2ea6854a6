import { type Clock, systemClock } from '../core/clock.ts';
import { RollbackdError } from '../core/errors.ts';
import type { ProcessIdentity } from '../model/child.ts';
import { TAG_VARIABLE } from './child-record.ts';
import { sendSignal } from './end-group.ts';
import { familyOf } from './family.ts';
import { isAlive, readProcessTable } from './process-stat.ts';

/** The part of a host that is needed to recognise a child again. */
export interface TagFinder {
  withEnvironment(name: string, value: string): Promise<ProcessIdentity[]>;
}

/** A child of which nobody knows an end. Without an identity it was planned, and may or may not have come to be. */
export interface OpenChild {
  readonly tag: string;
  readonly identity?: ProcessIdentity;
}

export interface OrphanSearch {
  readonly host: TagFinder;
  readonly ledgerEntries: readonly OpenChild[];
  readonly clock?: Clock;
  /** Between SIGTERM and SIGKILL. */
  readonly killAfterMs?: number;
}

/** What was found alive under a tag, and is gone now. Empty where the child had ended by itself. */
export interface EndedOrphan {
  readonly tag: string;
  readonly processes: readonly ProcessIdentity[];
}

const KILL_AFTER_MS = 5_000;
const POLL_MS = 20;
/** Something may start it again: it is gone when it stays gone. */
const GONE_LOOKS = 3;

/**
 * Ends what an earlier, killed daemon left running. Returns only when all of it is proven gone.
 * Errors: RollbackdError with reason `orphan-survives`.
 */
export async function endOrphans(search: OrphanSearch): Promise<EndedOrphan[]> {
  return Promise.all(search.ledgerEntries.map((entry) => endOrphan(entry, search)));
}

async function endOrphan(
  entry: OrphanSearch['ledgerEntries'][number],
  { host, clock = systemClock, killAfterMs = KILL_AFTER_MS }: OrphanSearch,
): Promise<EndedOrphan> {
  const met = new Map<string, ProcessIdentity>();
  const startedAt = clock.monotonic();
  let emptyLooks = 0;
  for (;;) {
    const living = await find(entry, host);
    emptyLooks = living.length === 0 ? emptyLooks + 1 : 0;
    if (emptyLooks >= GONE_LOOKS) return { tag: entry.tag, processes: [...met.values()] };
    const waited = clock.monotonic() - startedAt;
    if (living.length > 0 && waited > 2 * killAfterMs) throw survives(entry.tag, living);
    // Asked once only: to many tools a second SIGTERM means "drop everything".
    for (const process of living) {
      if (!met.has(key(process))) ask(process);
      if (waited > killAfterMs) sendSignal(process.pid, 'SIGKILL');
      met.set(key(process), process);
    }
    await clock.sleep(POLL_MS);
  }
}

/** Looked up anew each time: what is being ended may still start something. */
async function find({ tag, identity }: OrphanSearch['ledgerEntries'][number], host: TagFinder) {
  const tagged = await host.withEnvironment(TAG_VARIABLE, tag);
  const child = identity && isAlive(identity) ? [identity] : [];
  return familyOf([...tagged, ...child], identity?.pid, readProcessTable());
}

function ask({ pid }: ProcessIdentity): void {
  sendSignal(pid, 'SIGTERM');
  sendSignal(pid, 'SIGCONT');
}

const key = ({ pid, startTime }: ProcessIdentity) => `${pid}:${startTime}`;

const survives = (tag: string, living: readonly ProcessIdentity[]) => {
  const pids = living.map(({ pid }) => pid).join(', ');
  return new RollbackdError('orphan-survives', `Process ${pids}, left from an earlier run (${tag}), cannot be ended.`, {
    remedy: `look at "ps -o pid,stat,wchan,user,args -p ${pids}" and end it by hand before the run goes on.`,
  });
};
