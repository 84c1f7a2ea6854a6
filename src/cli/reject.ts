import type { Command } from 'commander';
import { answer } from './answer.ts';
import { daemonCommand, type Whereabouts } from './daemon-command.ts';
import type { Terminal } from './terminal.ts';

type Options = Whereabouts & { readonly reason: string };

export const rejectCommand = (terminal: Terminal): Command =>
  daemonCommand('reject', terminal)
    .argument('[incident]', 'the open one where none is named')
    .requiredOption('--reason <text>', 'why not')
    .action((incident: string | undefined, { reason, ...where }: Options) =>
      answer(terminal, where, 'reject', { incident, reason }),
    );
