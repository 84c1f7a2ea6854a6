import type { Command } from 'commander';
import { daemonCommand, give, type Whereabouts } from './daemon-command.ts';
import type { Terminal } from './terminal.ts';

type Options = Whereabouts & { readonly reason: string };

export const armCommand = (terminal: Terminal): Command =>
  daemonCommand('arm', terminal)
    .requiredOption('--reason <text>', 'why now')
    .action(({ reason, ...where }: Options) => give(terminal, where, 'arm', { reason }));
