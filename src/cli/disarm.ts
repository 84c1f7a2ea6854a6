import type { Command } from 'commander';
import { daemonCommand, give, type Whereabouts } from './daemon-command.ts';
import type { Terminal } from './terminal.ts';

type Options = Whereabouts & { readonly reason?: string };

export const disarmCommand = (terminal: Terminal): Command =>
  daemonCommand('disarm', terminal)
    .option('--reason <text>', 'why')
    .action(({ reason, ...where }: Options) => give(terminal, where, 'disarm', { reason }));
