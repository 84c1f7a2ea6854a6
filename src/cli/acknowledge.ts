import type { Command } from 'commander';
import { daemonCommand, give, type Whereabouts } from './daemon-command.ts';
import { servingOption } from './serving-option.ts';
import type { Terminal } from './terminal.ts';

export const acknowledgeCommand = (terminal: Terminal): Command =>
  daemonCommand('acknowledge', terminal)
    .argument('[run]', 'the newest that waits for it where none is named')
    .addOption(servingOption())
    .action((run: string | undefined, { serving, ...where }: Whereabouts & { readonly serving?: string }) =>
      give(terminal, where, 'acknowledge', { run, serving }),
    );
