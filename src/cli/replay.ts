import { Command, InvalidArgumentError, Option } from 'commander';
import { defaultConfigFile } from '../config/default-file.ts';
import { type Mode, mode as modes } from '../model/mode.ts';
import {
  inputFormats,
  measures,
  momentOf,
  type Replayed,
  type ReplayOrder,
  replay,
  sideBySide,
} from '../replay/replay.ts';
import { configurationWithoutSecrets } from './configured-shape.ts';
import { actLines, actRecord, pairLines, summaryLines } from './print/replay.ts';
import { type Terminal, writeLines } from './terminal.ts';

interface Options extends Omit<ReplayOrder, 'file'> {
  readonly config: string;
  readonly compare?: string;
  readonly json?: true;
}

/** `rollbackd replay`: what would have been done in the past that a file tells of. Needs no daemon and no secrets. */
export const replayCommand = (terminal: Terminal): Command =>
  new Command('replay')
    .argument('<file>', 'observations.db, observations as JSON lines, an access log, CSV, or a Prometheus answer')
    .option('--config <file>', 'configuration file', defaultConfigFile(terminal.environment))
    .option('--compare <file>', 'another one, judged on the same input')
    .addOption(new Option('--format <format>', 'what the file is; else as it begins').choices(inputFormats))
    .addOption(new Option('--measure <measure>', 'what bare numbers are').choices(measures))
    .addOption(new Option('--mode <mode>', 'power of the daemon').choices(modes.options).default('armed'))
    .option('--from <time>', 'nothing before, such as 2026-11-20T22:00:00Z', moment)
    .option('--to <time>', 'nothing from then on', moment)
    .option('--json', 'for machines: one act a line')
    .action(async (file: string, options: Options) => {
      const order = { ...options, file };
      const names = [options.config, ...(options.compare === undefined ? [] : [options.compare])];
      const results: Replayed[] = [];
      for (const name of names)
        results.push(await replay(order, configurationWithoutSecrets(name, terminal.environment)));
      if (options.json) printRecords(terminal, names, results);
      else writeLines(terminal, reportLines(order, names, results));
    });

function moment(text: string): number {
  const at = momentOf(text);
  if (at !== undefined) return at;
  throw new InvalidArgumentError('a time such as 2026-11-20T22:00:00Z, or seconds since 1970.');
}

/** Acts alone on the output; what could not be used is told beside it. */
function printRecords(terminal: Terminal, names: readonly string[], results: readonly Replayed[]): void {
  const records = results.flatMap(({ past }, index) =>
    past.acts.map((act) => ({ ...actRecord(act), ...(names.length > 1 && { config: names[index] }) })),
  );
  if (records.length > 0)
    writeLines(
      terminal,
      records.map((record) => JSON.stringify(record)),
    );
  const [first] = results;
  if (first && first.unusable.count > 0) terminal.writeError(`${summaryLines(first).join('\n')}\n`);
}

function reportLines(
  { file, mode }: { readonly file: string; readonly mode: Mode },
  names: readonly string[],
  results: readonly Replayed[],
): string[] {
  const [first, second] = results;
  const head = [`${file}, ${assumptions[mode]}`, ''];
  if (!first) return head;
  if (!second) return [...head, ...actLines(first.past.acts), '', ...summaryLines(first)];
  return [
    ...head,
    `first: ${names[0]}`,
    `second: ${names[1]}`,
    '= both, ~ both at another time, < only the first, > only the second',
    '',
    ...pairLines(sideBySide(first.past.acts, second.past.acts)),
    ...results.flatMap((result, index) => ['', `${names[index]}:`, ...summaryLines(result)]),
  ];
}

const assumptions: Readonly<Record<Mode, string>> = {
  observe: 'as a daemon that only observes',
  approve: 'as a daemon that asks before everything; nobody answers',
  armed:
    'as an armed daemon whose guards all pass (but what the databases said, where the input tells); nobody answers',
};
