import { isSuperseded } from '../model/cutover.ts';
import type { Decision } from '../model/decision.ts';
import type { CriterionName } from '../model/verdict.ts';
import type { DaemonState, WatchState } from './daemon-state.ts';
import type { Move } from './moves.ts';
import { breachesIn } from './news.ts';
import type { Outlook } from './outlook.ts';
import { lastRollbackOf } from './read-state.ts';
import { minute, ofRun, tellAgain } from './tell.ts';
import { touchedAnything } from './users-back.ts';

/** While a rollback is watched nothing happens by itself: what is found is written down and told. */
export function movesOfWatch(state: DaemonState, outlook: Outlook): Move[] {
  const { watch } = state;
  const { decision, now } = outlook;
  if (!watch) return [];
  if (now >= watch.until || isOfAnEarlierMigration(state, watch, outlook))
    return [{ kind: 'close-watch', run: watch.run }];
  return breachesIn(decision).flatMap(({ criterion }): Move[] => {
    const finding = findingOf(criterion);
    return [
      ...tellFinding(state, watch, criterion, { decision, now }),
      ...(watch.findings.includes(finding) ? [] : [{ kind: 'record-finding' as const, run: watch.run, finding }]),
    ];
  });
}

/** Another cut-over has come since: what is watched now is another migration. */
function isOfAnEarlierMigration({ runs }: DaemonState, { run }: WatchState, { cutoverAt, now }: Outlook): boolean {
  const known = runs.get(run);
  return known !== undefined && cutoverAt !== undefined && isSuperseded(known, cutoverAt, now);
}

/** One finding a criterion, whoever happens to be affected. */
const findingOf = (criterion: CriterionName): string => `${criterion} in breach`;

/** Told when it is found, and again for as long as it lasts. */
function tellFinding(
  state: DaemonState,
  { run }: WatchState,
  criterion: CriterionName,
  { decision, now }: FoundOutlook,
): Move[] {
  const first = {
    of: { what: 'found', which: criterion },
    subject: `${run}: found in the watch after the rollback`,
    text: [`${criterion} is in breach${affected(decision, criterion)}.`, ...decision.reasonsFor].join('\n'),
    urgency: 'alarmed',
  } as const;
  return tellAgain(ofRun(state, run), first, { every: 30 * minute, now });
}

type FoundOutlook = Pick<Outlook, 'decision' | 'now'>;

function affected(decision: Decision, criterion: CriterionName): string {
  const tenants = breachesIn(decision).find((breach) => breach.criterion === criterion)?.tenants ?? [];
  return tenants.length > 0 ? ` for ${tenants.join(', ')}` : '';
}

/** Somebody must look at what the daemon did alone; until then it does nothing alone again. */
export function overdueAcknowledgement(state: DaemonState, { now }: Outlook): Move[] {
  const last = lastRollbackOf(state);
  if (last?.authority.by !== 'daemon' || last.endedAt === undefined || last.acknowledgedBy !== undefined) return [];
  if (!touchedAnything(last)) return [];
  const first = {
    of: { what: 'acknowledge' },
    subject: `${last.run}: acknowledge it`,
    text: `${last.run} ran by itself. Look at what it did and acknowledge it: until then rollbackd does nothing alone again.`,
    urgency: 'asked',
  } as const;
  return tellAgain(ofRun(state, last.run), first, { every: 30 * minute, now });
}
