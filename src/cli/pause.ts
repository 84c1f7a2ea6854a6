import type { Command } from 'commander';
import { daemonCommand, give, type Whereabouts } from './daemon-command.ts';
import type { Terminal } from './terminal.ts';

type Options = Whereabouts & { readonly for: string; readonly reason: string };

export const pauseCommand = (terminal: Terminal): Command =>
  daemonCommand('pause', terminal)
    .requiredOption('--reason <text>', 'why: everybody will read it')
    .option('--for <duration>', 'how long, such as 30m; a week at most', '1h')
    .action(({ reason, for: lasting, ...where }: Options) => give(terminal, where, 'pause', { reason, for: lasting }));
