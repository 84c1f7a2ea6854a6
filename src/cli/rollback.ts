import type { Command } from 'commander';
import { daemonCommand, printResult, reach, type Whereabouts } from './daemon-command.ts';
import { follow } from './follow.ts';
import { planLines } from './print/plan.ts';
import { type Terminal, writeLines } from './terminal.ts';

type Options = Whereabouts & {
  readonly dryRun?: boolean;
  readonly reason?: string;
  readonly wait?: boolean;
  readonly replaceLive?: boolean;
  readonly takeOver?: boolean;
};

export const rollbackCommand = (terminal: Terminal): Command =>
  daemonCommand('rollback', terminal)
    .option('--dry-run', 'only show each step: touches nothing')
    .option('--reason <text>', 'why: needed unless it is a dry run')
    .option('--replace-live', 'give up what users have written since an earlier rollback let them in')
    .option('--take-over', 'give up what another daemon has begun on this target, or has left there')
    .option('--wait', 'tell each step as it ends; exit 0 only if all of them succeeded')
    .action(async ({ dryRun = false, reason, wait, replaceLive, takeOver, ...where }: Options, command: Command) => {
      if (!dryRun && !reason) command.error("error: required option '--reason <text>' not specified");
      const client = await reach(where, terminal);
      const result = await client.rollback({
        dryRun,
        ...(reason && { reason }),
        ...(replaceLive && { replaceLive }),
        ...(takeOver && { takeOver }),
      });
      printResult(terminal, result);
      if (dryRun) return writeLines(terminal, planLines(result.plan));
      if (wait && result.run) await follow(client, result.run, terminal);
    });
