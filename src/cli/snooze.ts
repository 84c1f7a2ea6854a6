import type { Command } from 'commander';
import { daemonCommand, give, type Whereabouts } from './daemon-command.ts';
import type { Terminal } from './terminal.ts';

type Options = Whereabouts & { readonly for: string };

export const snoozeCommand = (terminal: Terminal): Command =>
  daemonCommand('snooze', terminal)
    .argument('[incident]', 'the open one where none is named')
    .option('--for <duration>', 'how long, such as 30m; four hours at most', '30m')
    .action((incident: string | undefined, { for: lasting, ...where }: Options) =>
      give(terminal, where, 'snooze', { incident, for: lasting }),
    );
