import { z } from 'zod';
import { explain } from '../core/errors.ts';
import type { Plan } from '../model/plan.ts';
import { leaders, requireRole } from './authority.ts';
import type { Caller, CommandContext, CommandSettings } from './context.ts';
import { refuseWhileBusy } from './free-to-act.ts';
import { record } from './record.ts';
import { CommandRefused } from './refusal.ts';
import { type CommandResult, done } from './result.ts';

export const armArgs = z.strictObject({ reason: z.string().min(1) });

/** From now on critical breaches that pass every guard are acted on alone. Pins the backup and the configuration as they are. */
export async function arm(
  context: CommandContext,
  caller: Caller,
  { reason }: z.infer<typeof armArgs>,
): Promise<CommandResult> {
  const role = requireRole(context, caller, leaders, 'arm rollbackd');
  refuseWhileBusy(context);
  const { plan, backupTakenAt, faults } = await tryPlan(context);
  const against = [...settingFaults(context), ...witnessFaults(context), ...(await doctorFaults(context)), ...faults];
  if (against.length > 0 || !plan) throw notArmable(against);
  refuseWhileBusy(context);
  const { settings, configHash } = context;
  const { until } = settings.guard;
  const off = guardsOff(settings);
  const { manifestHash } = plan;
  const { cutoverAt } = settings.migration;
  const pinned = {
    until,
    manifestHash,
    ...(backupTakenAt !== undefined && { backupTakenAt }),
    configHash,
    cutoverAt,
    guardsOff: off,
  };
  record(context, { kind: 'mode.armed', person: caller.name, role, reason, ...pinned });
  return done(`rollbackd is armed until ${new Date(until).toISOString()}: it acts alone on critical breaches`, [
    ...off.map(aloud),
    `pinned: backup ${manifestHash.slice(0, 12)}, configuration ${configHash.slice(0, 12)}`,
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

function settingFaults({ settings, clock, memory }: CommandContext): string[] {
  const { maxWritesLost, until } = settings.guard;
  return [
    ...(maxWritesLost ? [] : ['guard.maxWritesLost is not configured: nobody has said how many writes may be lost']),
    ...(until > clock.now() ? [] : [`guard.until lies in the past (${new Date(until).toISOString()})`]),
    ...(memory.writable ? [] : ['the journal cannot be written']),
  ];
}

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

const doctorFaults = ({ doctor, signal }: CommandContext): Promise<readonly string[]> =>
  doctor(signal).catch((error: unknown) => [`the target could not be examined: ${explain(error)}`]);

interface Tried {
  readonly plan?: Plan;
  readonly backupTakenAt?: number;
  readonly faults: readonly string[];
}

async function tryPlan({ planner, signal }: CommandContext): Promise<Tried> {
  try {
    const { plan, assessment } = await planner.draft(signal, 'whole');
    const undecided = assessment.legacyStates.filter(
      (each) => each.state === 'different' && each.onDifferent === 'ask',
    );
    const faults = undecided.map(
      ({ database }) => `${database} differs from the backup and waits for a person (onDifferent: ask)`,
    );
    const { unifiedNotKept } = assessment;
    const notKept =
      unifiedNotKept === undefined ? [] : [`nothing of the unified database could be kept: ${unifiedNotKept}`];
    return { plan, backupTakenAt: assessment.manifest.takenAt, faults: [...faults, ...notKept] };
  } catch (error) {
    return { faults: [`no plan can be made: ${explain(error)}`] };
  }
}
