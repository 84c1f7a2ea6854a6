import { Option } from 'commander';
import { daemonCommand, reach, type Whereabouts } from './daemon-command.ts';
import { explanationLines } from './print/explain.ts';
import { type Terminal, writeLines } from './terminal.ts';

type Options = Whereabouts & { readonly journal?: string; readonly json?: true };

/** `rollbackd explain`: why it was decided so. Asks the daemon, or reads the journal of one that does not run. */
export const explainCommand = (terminal: Terminal) =>
  daemonCommand('explain', terminal)
    .argument('[incident]', 'as status and messages call it; else the newest')
    .addOption(new Option('--journal <file>', 'a journal that no daemon holds, or a copy of one').conflicts('socket'))
    .option('--json', 'for machines: the decision record (config/decision-record.schema.json)')
    .action(async (incident: string | undefined, { journal, json, ...where }: Options) => {
      const record = await recordOf(incident, journal, where, terminal);
      writeLines(terminal, json ? [JSON.stringify(record, null, 2)] : explanationLines(record));
    });

async function recordOf(
  incident: string | undefined,
  journal: string | undefined,
  where: Whereabouts,
  terminal: Terminal,
) {
  if (journal === undefined) return await (await reach(where, terminal)).explain(incident);
  const { recordFromFile } = await import('../report/record-file.ts');
  return recordFromFile(journal, incident);
}
