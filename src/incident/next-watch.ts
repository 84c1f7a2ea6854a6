import type { Decision } from '../model/decision.ts';
import type { DaemonState, WatchState } from './daemon-state.ts';
import type { Move } from './moves.ts';
import type { Outlook } from './outlook.ts';
import { lastRollbackOf } from './read-state.ts';
import { isToldAboutRun, minute, reminder, tellAboutRun } from './tell.ts';

/** While a rollback is watched nothing happens by itself: what is found is written down and told. */
export function movesOfWatch(state: DaemonState, { decision, now }: Outlook): Move[] {
  const { watch } = state;
  if (!watch) return [];
  if (now >= watch.until) return [{ kind: 'close-watch', run: watch.run }];
  return findingsIn(decision).flatMap((finding): Move[] => [
    ...tellFinding(state, watch, finding, { decision, now }),
    ...(watch.findings.includes(finding) ? [] : [{ kind: 'record-finding' as const, run: watch.run, finding }]),
  ]);
}

/** Told when it is found, and again for as long as it lasts. */
function tellFinding(
  state: DaemonState,
  { run, startedAt }: WatchState,
  finding: string,
  outlook: FoundOutlook,
): Move[] {
  const { decision, now } = outlook;
  const once = `found-${finding}`;
  const known = isToldAboutRun(state, run, once);
  return tellAboutRun(state, run, {
    topic: known ? (reminder(once, startedAt, 30 * minute, now) ?? once) : once,
    subject: `${run}: found in the watch after the rollback`,
    text: [finding, ...decision.reasonsFor].join('\n'),
    urgency: 'alarmed',
  });
}

type FoundOutlook = Pick<Outlook, 'decision' | 'now'>;

/** In words that stay the same while the trouble does. */
function findingsIn({ verdicts }: Decision): string[] {
  return verdicts
    .filter(({ verdict }) => verdict === 'breach')
    .map(({ criterion, tenants }) => `${criterion} in breach${tenants.length > 0 ? ` for ${tenants.join(', ')}` : ''}`);
}

/** Somebody must look at what the daemon did alone; until then it does nothing alone again. */
export function overdueAcknowledgement(state: DaemonState, { now }: Outlook): Move[] {
  const last = lastRollbackOf(state);
  if (last?.authority.by !== 'daemon' || last.endedAt === undefined || last.acknowledgedBy !== undefined) return [];
  const topic = reminder('acknowledge', last.endedAt, 30 * minute, now) ?? 'acknowledge-0';
  const text = `${last.run} ran by itself. Look at what it did and acknowledge it: until then nothing is done alone again.`;
  return tellAboutRun(state, last.run, { topic, subject: `${last.run}: acknowledge it`, text, urgency: 'asked' });
}
