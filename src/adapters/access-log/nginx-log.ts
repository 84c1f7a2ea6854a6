import type { LogPosition } from '../logs/contract.ts';
import { readLinesSince } from '../logs/read-on.ts';
import { readSpread } from '../logs/read-spread.ts';
import type { AccessLogConfig } from '../traffic/schema.ts';
import type { AccessEntry, AccessLog } from './contract.ts';
import { lineParser } from './parse-line.ts';
import { doubtsAbout, expectRequests, noLines, withLine } from './row-of-lines.ts';

/** Far longer than any line that is a request. */
const maxLine = 16 * 1024;
/** Some seconds of reading. More than that between two looks is more than an hour of any log that could still be followed. */
const mostBytes = 512 * 1024 * 1024;
/** Lines are written when requests are over, in the order of that, give or take this much. */
const disorder = 60_000;

const leftOutOf = ({ file }: AccessLogConfig, bytes: number): string[] =>
  bytes === 0
    ? []
    : [`${file} grew by more than ${toMiB(mostBytes)} since the look before: ${toMiB(bytes)} of it were not read`];

const toMiB = (bytes: number): string => `${Math.ceil(bytes / 1024 / 1024)} MiB`;

export function nginxAccessLog(config: AccessLogConfig): AccessLog {
  const parse = lineParser(config);
  const isCounted = ({ path }: AccessEntry) => config.paths.some((prefix) => path.startsWith(prefix));
  let position: readonly LogPosition[] | undefined;
  let row = noLines;
  return {
    async readOn(onEntry) {
      let longer = row;
      let handedOn = 0;
      const onLine = (line: string) => {
        if (line === '') return;
        const entry = parse(line);
        const counts = entry !== undefined && isCounted(entry);
        longer = withLine(longer, entry, counts);
        if (!counts) return;
        handedOn += 1;
        onEntry(entry);
      };
      const read = await readLinesSince(config.file, position, { maxLine, mostBytes, onLine });
      position = read.positions;
      row = longer;
      // What was handed on is not taken back: the next look will say it.
      if (handedOn === 0) expectRequests(row, config);
      return [...doubtsAbout(row, config), ...leftOutOf(config, read.leftOut)];
    },
    async readBefore(moment, mostBytes, onEntry) {
      await readSpread(config.file, {
        mostBytes,
        parse,
        isPast: ({ at }) => at >= moment + disorder,
        onEntry: (entry) => entry.at < moment && isCounted(entry) && onEntry(entry),
      });
    },
  };
}
