import type { LogPosition } from '../logs/contract.ts';
import { readLinesSince } from '../logs/read-on.ts';
import { readSpread } from '../logs/read-spread.ts';
import type { AccessLogConfig } from '../traffic/schema.ts';
import type { AccessEntry, AccessLog } from './contract.ts';
import { lineParser } from './parse-line.ts';
import { doubtsAbout, expectRequests, noLines, withLine } from './row-of-lines.ts';

/** Far longer than any line that is a request. */
const maxLine = 16 * 1024;
/** Lines are written when requests are over, in the order of that, give or take this much. */
const disorder = 60_000;

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
      position = await readLinesSince(config.file, position, { maxLine, onLine });
      row = longer;
      // What was handed on is not taken back: the next look will say it.
      if (handedOn === 0) expectRequests(row, config);
      return doubtsAbout(row, config);
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
