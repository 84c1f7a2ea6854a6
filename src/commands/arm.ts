import { z } from 'zod';
import { explain } from '../core/errors.ts';
import { obstacleInWords } from '../model/obstacle.ts';
import type { Plan } from '../model/plan.ts';
import { leaders, requireRole } from './authority.ts';
import type { Caller, CommandContext, CommandSettings } from './context.ts';
import { refuseWhileBusy } from './free-to-act.ts';
import { guardsIfArmed } from './guards-if-armed.ts';
import { reasonText } from './reason.ts';
import { record } from './record.ts';
import { CommandRefused } from './refusal.ts';
import { type CommandResult, done } from './result.ts';

export const armArgs = z.strictObject({ reason: reasonText });

/** From now on critical breaches that pass every guard are acted on alone. Pins the backup and the configuration as they are. */
export async function arm(
  context: CommandContext,
  caller: Caller,
  { reason }: z.infer<typeof armArgs>,
): Promise<CommandResult> {
  const role = requireRole(context, caller, leaders, 'arm rollbackd');
  refuseWhileBusy(context);
  const { plan, backupTakenAt, faults, notYet } = await tryGuards(context);
  const against = [...settingFaults(context), ...witnessFaults(context), ...(await obstacles(context)), ...faults];
  if (against.length > 0 || !plan) throw notArmable(against);
  refuseWhileBusy(context);
  const { settings, configHash } = context;
  const { until } = settings.guard;
  const off = guardsOff(settings);
  const { manifestHash, legacyCommit } = plan;
  const { cutoverAt } = settings.migration;
  const pinned = {
    until,
    manifestHash,
    legacyCommit,
    ...(backupTakenAt !== undefined && { backupTakenAt }),
    configHash,
    cutoverAt,
    guardsOff: off,
  };
  record(context, { kind: 'mode.armed', person: caller.name, role, reason, ...pinned });
  const acting = notYet.length > 0 ? 'but as things stand it does not act alone' : 'it acts alone on critical breaches';
  return done(`rollbackd is armed until ${new Date(until).toISOString()}: ${acting}`, [
    ...notYet.map((guard) => `as things stand it does not act alone: ${guard}`),
    ...off.map(aloud),
    `pinned: backup ${manifestHash.slice(0, 12)}, code ${legacyCommit.slice(0, 10)}, configuration ${configHash.slice(0, 12)}`,
  ]);
}

const guardsOff = ({ guard }: CommandSettings) =>
  (['drill', 'readiness'] as const).filter((name) => guard[name] === 'off');

const aloud = (guard: 'drill' | 'readiness'): string =>
  guard === 'drill'
    ? 'the guard `drill` is off: no full rollback has been tried on a scratch copy, and nothing replaces that proof'
    : 'the guard `readiness` is off: nobody checks day by day that a rollback would work, and nothing replaces that proof';

const notArmable = (faults: readonly string[]) =>
  new CommandRefused('not-armable', `rollbackd cannot be armed: ${faults.join('; ')}`, {
    remedy: 'put these right, then arm it again',
  });

/** What no guard says, or not in the words of the configuration. */
function settingFaults({ settings, clock, memory }: CommandContext): string[] {
  const { until } = settings.guard;
  const { cutoverAt } = settings.migration;
  const now = clock.now();
  return [
    ...(until > now ? [] : [`guard.until lies in the past (${new Date(until).toISOString()})`]),
    ...(cutoverAt <= now ? [] : [futureCutover(cutoverAt)]),
    ...(memory.writable ? [] : ['the journal cannot be written']),
  ];
}

const futureCutover = (cutoverAt: number): string =>
  `migration.cutoverAt lies in the future (${new Date(cutoverAt).toISOString()}): no write since then can be counted ` +
  'and no backup proven older; a local time carries its own offset, not Z';

/** A balancer that is down while the application is well says nothing when the application is not: one signal would act alone. */
function witnessFaults({ latest }: CommandContext): string[] {
  const seen = latest().observations.find(({ probe }) => probe === 'health');
  if (seen?.status !== 'observed' || seen.probe !== 'health') return [];
  const { application, balancer } = seen.values;
  if (application.outcome !== 'up' || balancer.outcome === 'up') return [];
  const found = balancer.status === undefined ? balancer.why : `${balancer.why}, status ${balancer.status}`;
  return [
    `the application is up, but not through the balancer (${found}): a look through it could confirm no outage; ` +
      'ask something there that reaches the application (probes.unified.balancer)',
  ];
}

const obstacles = async ({ preflight, signal }: CommandContext): Promise<readonly string[]> =>
  (await preflight(signal)).map(obstacleInWords);

interface Tried {
  readonly plan?: Plan;
  readonly backupTakenAt?: number;
  /** What keeps it from ever acting alone. */
  readonly faults: readonly string[];
  /** What keeps it from acting alone now, and may pass. */
  readonly notYet: readonly string[];
}

async function tryGuards(context: CommandContext): Promise<Tried> {
  const { gatherFacts, signal, settings, clock } = context;
  try {
    const { facts, draft } = await gatherFacts(signal, 'whole');
    const judged = guardsIfArmed(facts, settings.guard, clock.now(), draft?.plan);
    if (!draft) return judged;
    return { ...judged, plan: draft.plan, backupTakenAt: draft.assessment.manifest.takenAt };
  } catch (error) {
    return { faults: [`the guards could not be asked: ${explain(error)}`], notYet: [] };
  }
}
