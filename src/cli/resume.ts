import type { Command } from 'commander';
import { daemonCommand, printResult, reach, type Whereabouts } from './daemon-command.ts';
import { follow } from './follow.ts';
import type { Terminal } from './terminal.ts';

type Options = Whereabouts & { readonly wait?: true };

export const resumeCommand = (terminal: Terminal): Command =>
  daemonCommand('resume', terminal)
    .argument('[run]', 'the newest where none is named')
    .option('--wait', 'tell each step as it ends; exit 0 only if all of them succeeded')
    .action(async (wanted: string | undefined, { wait, ...where }: Options) => {
      const client = await reach(where, terminal);
      printResult(terminal, await client.command('resume', { run: wanted }));
      const { run } = await client.status();
      if (wait && run) await follow(client, run.run, terminal);
    });
