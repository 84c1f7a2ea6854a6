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
  const { plan, faults } = await tryPlan(context);
  const against = [...settingFaults(context), ...(await doctorFaults(context)), ...faults];
  if (against.length > 0 || !plan) throw notArmable(against);
  refuseWhileBusy(context);
  const { settings, configHash } = context;
  const { until } = settings.guard;
  const off = guardsOff(settings);
  const { manifestHash } = plan;
  const { cutoverAt } = settings.migration;
  const pinned = { until, manifestHash, configHash, cutoverAt, guardsOff: off };
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
  const { cutoverAt } = settings.migration;
  const now = clock.now();
  return [
    ...(maxWritesLost ? [] : ['guard.maxWritesLost is not configured: nobody has said how many writes may be lost']),
    ...(until > now ? [] : [`guard.until lies in the past (${new Date(until).toISOString()})`]),
    ...(cutoverAt <= now ? [] : [futureCutover(cutoverAt)]),
    ...(memory.writable ? [] : ['the journal cannot be written']),
  ];
}

const futureCutover = (cutoverAt: number): string =>
  `migration.cutoverAt lies in the future (${new Date(cutoverAt).toISOString()}): no write since then can be counted ` +
  'and no backup proven older; a local time carries its own offset, not Z';

const doctorFaults = ({ doctor, signal }: CommandContext): Promise<readonly string[]> =>
  doctor(signal).catch((error: unknown) => [`the target could not be examined: ${explain(error)}`]);

interface Tried {
  readonly plan?: Plan;
  readonly faults: readonly string[];
}

async function tryPlan({ planner, signal }: CommandContext): Promise<Tried> {
  try {
    const { plan, assessment } = await planner.draft(signal);
    const undecided = assessment.legacyStates.filter(
      (each) => each.state === 'different' && each.onDifferent === 'ask',
    );
    const faults = undecided.map(
      ({ database }) => `${database} differs from the backup and waits for a person (onDifferent: ask)`,
    );
    return { plan, faults };
  } catch (error) {
    return { faults: [`no plan can be made: ${explain(error)}`] };
  }
}
