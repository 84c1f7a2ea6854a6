import { redact } from '../../core/redaction.ts';
import type { LogPosition, LogReader } from './contract.ts';
import { joinEvents } from './join-events.ts';
import { OpenLogs } from './open-logs.ts';
import { openSince } from './open-since.ts';
import { endOfLines, piecesSince } from './pieces.ts';
import { readAllLines } from './read-lines.ts';
import type { LogsConfig } from './schema.ts';

const maxEvent = 16 * 1024;

export function fileLogs({ config }: { config: Pick<LogsConfig, 'eventStart'> }): LogReader {
  return {
    async mark(pattern) {
      await using logs = await OpenLogs.open(pattern, []);
      const positions: LogPosition[] = [];
      for (const { current, rotated } of logs.families) {
        // Rotated files are marked too: one without a mark is then known to be newer than the mark.
        for (const { path, inode, size } of rotated) positions.push({ file: path, inode, offset: size });
        if (current) positions.push({ file: current.path, inode: current.inode, offset: await endOfLines(current) });
      }
      return positions;
    },
    async since(pattern, mark, limit) {
      await using logs = await openSince(pattern, mark);
      const marks = new Map(mark.map((position) => [position.inode, position]));
      const events: string[] = [];
      for (const family of logs.families) {
        const lines = readAllLines(await piecesSince(family, marks), maxEvent);
        for await (const event of joinEvents(lines, config.eventStart, maxEvent)) {
          if (events.length >= limit) return events;
          events.push(redact(event));
        }
      }
      return events;
    },
  };
}
