import { z } from 'zod';
import { replacedInWords, untouchedInWords } from '../actions/in-unified.ts';
import type { Draft } from '../engine/planner.ts';
import { leaksOn } from '../incident/leaks-on.ts';
import { openIncidentOf, usersBackBy } from '../incident/read-state.ts';
import { isSuperseded } from '../model/cutover.ts';
import type { Authority } from '../model/event.ts';
import { leaders, requireRole } from './authority.ts';
import type { Caller, CommandContext } from './context.ts';
import { refuseWhileBusy, refuseWhilePaused } from './free-to-act.ts';
import { reasonText } from './reason.ts';
import { CommandRefused } from './refusal.ts';
import { done } from './result.ts';
import type { RollbackResult } from './rollback-result.ts';

export const rollbackArgs = z.union([
  z.strictObject({ dryRun: z.literal(true), reason: z.string().optional() }),
  z.strictObject({
    dryRun: z.literal(false).default(false),
    reason: reasonText,
    /** The caller knows that users have been writing to the legacy databases, and has them replaced all the same. */
    replaceLive: z.boolean().optional(),
    /** The caller gives up what another daemon has begun on this target, or has left there. */
    takeOver: z.boolean().optional(),
  }),
]);

/**
 * Rolls back on the word of the caller; with `dryRun` only says what would be done.
 * A draft reads the databases, which would disturb a run's proofs: neither is possible while one is under way.
 */
export async function rollback(
  context: CommandContext,
  caller: Caller,
  args: z.infer<typeof rollbackArgs>,
): Promise<RollbackResult> {
  return args.dryRun ? dryRun(context) : start(context, caller, args);
}

async function dryRun(context: CommandContext): Promise<RollbackResult> {
  refuseWhileBusy(context);
  const draft = await context.planner.draft(context.signal);
  const text = `a rollback of ${draft.plan.target} would take these ${draft.plan.steps.length} steps; nothing was touched`;
  return { ...done(text, [...replacements(draft), ...notKept(draft)]), plan: draft.plan };
}

type Order = Extract<z.infer<typeof rollbackArgs>, { dryRun: false }>;

async function start(context: CommandContext, caller: Caller, order: Order): Promise<RollbackResult> {
  const { reason, replaceLive, takeOver } = order;
  const role = requireRole(context, caller, leaders, 'start a rollback');
  refuseUnlessFree(context);
  const authority = { by: 'person', person: caller.name, role, reason } as const;
  await containFirst(context, authority, takeOver);
  const draft = await context.planner.draft(context.signal);
  refuseUnlessFree(context);
  if (!replaceLive) refuseToReplaceLive(context, draft);
  const run = await context.runs.rollBack({
    plan: draft.plan,
    authority,
    incident: context.memory.state().openIncident,
    ...(takeOver && { takeOver }),
  });
  return {
    ...done(`${run} has begun: follow it with \`rollbackd status\``, [...replacements(draft), ...notKept(draft)]),
    run,
    plan: draft.plan,
  };
}

/** What makes a plan and prepares a rollback takes minutes: no leak goes on for so long. */
async function containFirst(
  { memory, runs }: CommandContext,
  authority: Authority,
  takeOver: boolean | undefined,
): Promise<void> {
  const incident = openIncidentOf(memory.state());
  if (!incident || !leaksOn(incident)) return;
  await runs.contain(incident.id, authority, { ...(takeOver && { takeOver }) });
  await runs.idle();
}

function refuseUnlessFree(context: CommandContext): void {
  refuseWhilePaused(context);
  refuseWhileBusy(context);
  const incident = openIncidentOf(context.memory.state());
  if (incident?.status !== 'rolled-back' && incident?.status !== 'watching') return;
  throw new CommandRefused('not-permitted', `${incident.id} has been rolled back already (${incident.run})`, {
    remedy: 'if the same must be done again, close the incident first: `rollbackd close --reason ...`',
  });
}

/** Since users were let in after a rollback, by it or by hand, what differs from the backup may be their work. */
function refuseToReplaceLive({ memory, settings, clock }: CommandContext, draft: Draft): void {
  const back = usersBackBy(memory.state());
  const lost = replacements(draft);
  if (!back || lost.length === 0 || isSuperseded(back, settings.migration.cutoverAt, clock.now())) return;
  const [who, remedy] = back.byHand
    ? [
        `${back.run} was settled by people, who may have let users into the legacy system`,
        'ask them; --replace-live gives up what users have written there',
      ]
    : [
        `${back.run} has let users into the legacy system`,
        `\`rollbackd resume\` goes on with ${back.run}; only --replace-live gives their writes up`,
      ];
  throw new CommandRefused('legacy-is-live', `${who}: ${lost.join('; ')}`, { remedy });
}

/** Whoever starts the rollback decides about these databases: they are named. */
const replacements = ({ assessment }: Draft): string[] =>
  assessment.legacyStates
    .filter(({ state }) => state === 'different')
    .map(({ database, differences, inUnified }) => {
      const how = differences.length > 0 ? ` (${differences.join('; ')})` : '';
      const what = inUnified
        ? `of it, the UNIFIED database, are replaced ${replacedInWords(inUnified)}; untouched: ${untouchedInWords(inUnified)}`
        : 'it is snapshotted, then replaced';
      return `${database} differs from the backup${how}: ${what}`;
    });

const notKept = ({ assessment: { unifiedNotKept } }: Draft): string[] =>
  unifiedNotKept === undefined ? [] : [`nothing of the unified database is kept: ${unifiedNotKept}`];
