import type { Command } from 'commander';
import { answerOnceRead } from './answer-once-read.ts';
import { daemonCommand, give, type Whereabouts } from './daemon-command.ts';
import { revisionOption } from './revision-option.ts';
import type { Terminal } from './terminal.ts';

type Options = Whereabouts & { readonly reason?: string; readonly revision?: number };

export const approveCommand = (terminal: Terminal): Command =>
  daemonCommand('approve', terminal)
    .argument('[incident]', 'the open one where none is named')
    .addOption(
      revisionOption('the question of that incident that you have read: needed where nobody sits at a terminal'),
    )
    .option('--reason <text>', 'why')
    .action((incident: string | undefined, { reason, revision, ...where }: Options) =>
      revision === undefined
        ? answerOnceRead(terminal, where, 'approve', { incident, reason })
        : give(terminal, where, 'approve', { incident, reason, revision }),
    );
