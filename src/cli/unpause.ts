import type { Command } from 'commander';
import { daemonCommand, give, type Whereabouts } from './daemon-command.ts';
import type { Terminal } from './terminal.ts';

export const unpauseCommand = (terminal: Terminal): Command =>
  daemonCommand('unpause', terminal).action((where: Whereabouts) => give(terminal, where, 'unpause', {}));
