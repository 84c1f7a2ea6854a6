import type { Command } from 'commander';
import { daemonCommand, give, type Whereabouts } from './daemon-command.ts';
import type { Terminal } from './terminal.ts';

export const acknowledgeCommand = (terminal: Terminal): Command =>
  daemonCommand('acknowledge', terminal)
    .argument('[run]', 'the newest that waits for it where none is named')
    .action((run: string | undefined, where: Whereabouts) => give(terminal, where, 'acknowledge', { run }));
