import { setTimeout as pause } from 'node:timers/promises';
import type { Received } from '../../sandbox/demo/webhook.ts';
import type { RunView, StatusView } from '../../src/doors/socket/client.ts';
import type { GuardedCafe } from '../slow/guarded-cafe.ts';

const restsWithin = 420_000;
const lookEvery = 100;
const startsAtMost = 5;

/** Where a run has come to: nothing moves by itself any more. */
export interface Rest {
  readonly run: RunView;
  /** What people were told since the fault struck, or a way was taken. */
  readonly told: readonly Received[];
  /** How often the daemon had ended without being asked, and was started again as by a supervisor. */
  readonly restarts: number;
}

/** `toldBefore`: how much people had been told by then. */
export async function untilAtRest(cafe: GuardedCafe, toldBefore: number): Promise<Rest> {
  const deadline = performance.now() + restsWithin;
  let restarts = 0;
  let last: StatusView | undefined;
  while (performance.now() < deadline) {
    if (restarts < startsAtMost && (await hasEnded(cafe))) {
      restarts += 1;
      await cafe.start().catch(() => {});
    }
    const seen = await cafe.status();
    last = seen ?? last;
    const told = cafe.told.slice(toldBefore);
    if (seen?.run && isAtRest(seen.run, told)) return { run: seen.run, told, restarts };
    await pause(lookEvery);
  }
  const where = last?.run
    ? `${last.run.status} at ${last.run.steps.findLast(({ status }) => status !== 'waiting')?.id}`
    : 'never seen';
  throw new Error(`the run does not come to rest within ${restsWithin / 1_000} s: ${where}`);
}

const hasEnded = ({ daemon }: GuardedCafe): Promise<boolean> =>
  Promise.race([daemon.ended.then(() => true), pause(1, false)]);

/** One that was interrupted may go on by itself until people are told that it waits for them. */
function isAtRest(run: RunView, told: readonly Received[]): boolean {
  if (run.status === 'succeeded') return true;
  if (run.status === 'failed') return told.some(({ subject }) => subject === `${run.run}: the rollback failed`);
  return run.status === 'interrupted' && told.some(({ subject }) => subject === `${run.run}: interrupted`);
}
