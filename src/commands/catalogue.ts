import type { z } from 'zod';
import { acknowledge, acknowledgeArgs } from './acknowledge.ts';
import { approve, approveArgs } from './approve.ts';
import { arm, armArgs } from './arm.ts';
import { close, closeArgs } from './close.ts';
import type { Caller, CommandContext } from './context.ts';
import { disarm, disarmArgs } from './disarm.ts';
import { pause, pauseArgs } from './pause.ts';
import { reject, rejectArgs } from './reject.ts';
import { release, releaseArgs } from './release.ts';
import type { CommandResult } from './result.ts';
import { resume, resumeArgs } from './resume.ts';
import { rollback, rollbackArgs } from './rollback.ts';
import { snooze, snoozeArgs } from './snooze.ts';
import { unpause, unpauseArgs } from './unpause.ts';

export interface Command {
  /** Errors: ZodError where the arguments are none of this command's. */
  readonly prepare: (args: unknown) => {
    /** Changes nothing: a door may carry it out for a caller who has proven nothing. */
    readonly harmless: boolean;
    readonly execute: (context: CommandContext, caller: Caller) => Promise<CommandResult>;
  };
}

function command<S extends z.ZodType>(
  args: S,
  execute: (context: CommandContext, caller: Caller, args: z.output<S>) => Promise<CommandResult>,
  isHarmless: (args: z.output<S>) => boolean = () => false,
): Command {
  return {
    prepare: (given) => {
      const parsed = args.parse(given);
      return { harmless: isHarmless(parsed), execute: (context, caller) => execute(context, caller, parsed) };
    },
  };
}

/** Everything that people can tell the daemon to do, through whichever door. */
export const catalogue = {
  approve: command(approveArgs, approve),
  reject: command(rejectArgs, reject),
  snooze: command(snoozeArgs, snooze),
  pause: command(pauseArgs, pause),
  unpause: command(unpauseArgs, unpause),
  arm: command(armArgs, arm),
  disarm: command(disarmArgs, disarm),
  rollback: command(rollbackArgs, rollback, ({ dryRun }) => dryRun),
  resume: command(resumeArgs, resume),
  release: command(releaseArgs, release),
  acknowledge: command(acknowledgeArgs, acknowledge),
  close: command(closeArgs, close),
} as const satisfies Record<string, Command>;
export type CommandName = keyof typeof catalogue;
