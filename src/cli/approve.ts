import type { Command } from 'commander';
import { answer } from './answer.ts';
import { daemonCommand, type Whereabouts } from './daemon-command.ts';
import type { Terminal } from './terminal.ts';

type Options = Whereabouts & { readonly reason?: string };

export const approveCommand = (terminal: Terminal): Command =>
  daemonCommand('approve', terminal)
    .argument('[incident]', 'the open one where none is named')
    .option('--reason <text>', 'why')
    .action((incident: string | undefined, { reason, ...where }: Options) =>
      answer(terminal, where, 'approve', { incident, reason }),
    );
