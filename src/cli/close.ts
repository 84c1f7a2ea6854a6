import type { Command } from 'commander';
import { daemonCommand, give, type Whereabouts } from './daemon-command.ts';
import { servingOption } from './serving-option.ts';
import type { Terminal } from './terminal.ts';

type Options = Whereabouts & { readonly reason: string; readonly serving?: string };

export const closeCommand = (terminal: Terminal): Command =>
  daemonCommand('close', terminal)
    .argument('[incident]', 'the open one where none is named')
    .requiredOption('--reason <text>', 'how it was settled')
    .addOption(servingOption())
    .action((incident: string | undefined, { reason, serving, ...where }: Options) =>
      give(terminal, where, 'close', { incident, reason, serving }),
    );
