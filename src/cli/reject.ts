import type { Command } from 'commander';
import { daemonCommand, give, type Whereabouts } from './daemon-command.ts';
import { revisionOption } from './revision-option.ts';
import type { Terminal } from './terminal.ts';

type Options = Whereabouts & { readonly reason: string; readonly revision?: number };

/** A no to what stands there now does no harm, whoever has not read it: it need name no revision. */
export const rejectCommand = (terminal: Terminal): Command =>
  daemonCommand('reject', terminal)
    .argument('[incident]', 'the open one where none is named')
    .addOption(revisionOption('only that question, not one that came after it'))
    .requiredOption('--reason <text>', 'why not')
    .action((incident: string | undefined, { reason, revision, ...where }: Options) =>
      give(terminal, where, 'reject', { incident, reason, revision }),
    );
