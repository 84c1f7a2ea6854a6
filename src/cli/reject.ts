import type { Command } from 'commander';
import { answerOnceRead } from './answer-once-read.ts';
import { daemonCommand, give, type Whereabouts } from './daemon-command.ts';
import { revisionOption } from './revision-option.ts';
import type { Terminal } from './terminal.ts';

type Options = Whereabouts & { readonly reason: string; readonly revision?: number };

/** A no holds the daemon back from then on: it is to what was read, not to what has become of it. */
export const rejectCommand = (terminal: Terminal): Command =>
  daemonCommand('reject', terminal)
    .argument('[incident]', 'the open one where none is named')
    .addOption(
      revisionOption('the question of that incident that you have read: needed where nobody sits at a terminal'),
    )
    .requiredOption('--reason <text>', 'why not')
    .action((incident: string | undefined, { reason, revision, ...where }: Options) =>
      revision === undefined
        ? answerOnceRead(terminal, where, 'reject', { incident, reason })
        : give(terminal, where, 'reject', { incident, reason, revision }),
    );
