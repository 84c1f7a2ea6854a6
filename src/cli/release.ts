import type { Command } from 'commander';
import { daemonCommand, give, type Whereabouts } from './daemon-command.ts';
import type { Terminal } from './terminal.ts';

type Options = Whereabouts & { readonly reason: string };

export const releaseCommand = (terminal: Terminal): Command =>
  daemonCommand('release', terminal)
    .requiredOption('--reason <text>', 'why it may serve again')
    .action(({ reason, ...where }: Options) => give(terminal, where, 'release', { reason }));
