import type { Command } from 'commander';
import { daemonCommand, give, type Whereabouts } from './daemon-command.ts';
import type { Terminal } from './terminal.ts';

type Options = Whereabouts & { readonly reason: string };

export const closeCommand = (terminal: Terminal): Command =>
  daemonCommand('close', terminal)
    .argument('[incident]', 'the open one where none is named')
    .requiredOption('--reason <text>', 'how it was settled')
    .action((incident: string | undefined, { reason, ...where }: Options) =>
      give(terminal, where, 'close', { incident, reason }),
    );
