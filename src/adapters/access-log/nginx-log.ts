import type { LogPosition } from '../logs/contract.ts';
import { readFiles, readLinesSince } from '../logs/read-on.ts';
import type { AccessLogConfig } from '../traffic/schema.ts';
import type { AccessEntry, AccessLog } from './contract.ts';
import { lineParser } from './parse-line.ts';

/** Far longer than any line that is a request. */
const maxLine = 16 * 1024;
/** Lines are written when requests are over, in the order of that, give or take this much. */
const disorder = 60_000;

export function nginxAccessLog(config: AccessLogConfig): AccessLog {
  const parse = lineParser(config);
  const entryOf = (line: string): AccessEntry | undefined => {
    const entry = parse(line);
    return entry && config.paths.some((prefix) => entry.path.startsWith(prefix)) ? entry : undefined;
  };
  let position: readonly LogPosition[] | undefined;
  return {
    async readOn(onEntry) {
      const onLine = (line: string) => {
        const entry = entryOf(line);
        if (entry) onEntry(entry);
      };
      position = await readLinesSince(config.file, position, { maxLine, onLine });
    },
    async readBefore(moment, enough, onEntry) {
      let found = 0;
      const onLine = (line: string) => {
        const entry = entryOf(line);
        if (entry && entry.at < moment) {
          found += 1;
          onEntry(entry);
        }
        return found < enough && (entry === undefined || entry.at < moment + disorder);
      };
      await readFiles(config.file, { maxLine, onLine, isEnough: () => found >= enough });
    },
  };
}
