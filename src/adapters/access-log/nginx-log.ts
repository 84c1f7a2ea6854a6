import type { LogPosition } from '../logs/contract.ts';
import { readLinesSince, readWholeLines } from '../logs/read-on.ts';
import type { AccessLogConfig } from '../traffic/schema.ts';
import type { AccessEntry, AccessLog } from './contract.ts';
import { lineParser } from './parse-line.ts';

/** Far longer than any line that is a request. */
const maxLine = 16 * 1024;

export function nginxAccessLog(config: AccessLogConfig): AccessLog {
  const parse = lineParser(config);
  const counts = ({ path }: AccessEntry) => config.paths.some((prefix) => path.startsWith(prefix));
  let position: readonly LogPosition[] | undefined;
  const handOn = (onEntry: (entry: AccessEntry) => void) => (line: string) => {
    const entry = parse(line);
    if (entry && counts(entry)) onEntry(entry);
  };
  return {
    async readOn(onEntry) {
      position = await readLinesSince(config.file, position, { maxLine, onLine: handOn(onEntry) });
    },
    async readBefore(moment, onEntry) {
      const older = (entry: AccessEntry) => {
        if (entry.at < moment) onEntry(entry);
      };
      await readWholeLines(config.file, { maxLine, onLine: handOn(older) });
    },
  };
}
