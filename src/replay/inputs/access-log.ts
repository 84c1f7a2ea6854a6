import type { AccessEntry } from '../../adapters/access-log/contract.ts';
import { lineParser } from '../../adapters/access-log/parse-line.ts';
import { isWithin, type Looks, type Reading } from './input.ts';
import { linesOf } from './lines.ts';
import { looksAt } from './request-looks.ts';

const hour = 3_600_000;

/** A balancer's log, line by line through the daemon's own parser and counting. */
export const readAccessLog = (reading: Reading, format: 'json' | 'combined'): Looks =>
  looksAt(entriesOf(reading, format), reading.requests);

function* entriesOf(reading: Reading, format: 'json' | 'combined'): Generator<AccessEntry> {
  const { file, faults, requests } = reading;
  const parse = lineParser({ format });
  const paths = requests.traffic.accessLog?.paths ?? ['/'];
  const inOrder = newestFirst();
  let line = 0;
  for (const text of linesOf(file)) {
    line += 1;
    if (text.trim() === '') continue;
    const entry = parse(text.endsWith('\r') ? text.slice(0, -1) : text);
    if (!entry) faults.add(file, line, `no request in the format ${format}`);
    else if (!inOrder(entry)) faults.add(file, line, tooOld);
    else if (isWithin(reading, entry.at) && paths.some((prefix) => entry.path.startsWith(prefix))) yield entry;
  }
}

export const tooOld = 'more than an hour older than a line before it: nobody would have counted it then';

/** Whether a request is still of the present when it is read, given those before it. */
export function newestFirst(): (entry: AccessEntry) => boolean {
  let newest = 0;
  return ({ at }) => {
    newest = Math.max(newest, at);
    return at > newest - hour;
  };
}

/** In which of the two formats a first line is written. */
export const logFormatOf = (line: string): 'json' | 'combined' | undefined =>
  (['json', 'combined'] as const).find((format) => lineParser({ format })(line) !== undefined);
