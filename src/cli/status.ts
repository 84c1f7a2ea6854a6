import type { Command } from 'commander';
import { daemonCommand, reach, type Whereabouts } from './daemon-command.ts';
import { statusLines } from './print/status.ts';
import { type Terminal, writeLines } from './terminal.ts';

type Options = Whereabouts & { readonly json?: true };

export const statusCommand = (terminal: Terminal): Command =>
  daemonCommand('status', terminal)
    .option('--json', 'for machines')
    .action(async ({ json, ...where }: Options) => {
      const view = await (await reach(where, terminal)).status();
      writeLines(terminal, json ? [JSON.stringify(view, null, 2)] : statusLines(view));
    });
