import type { LogPosition } from './contract.ts';
import { expectFile } from './expect-file.ts';
import { openSince } from './open-since.ts';
import { endOfLines, piecesSince } from './pieces.ts';
import { readAllLines } from './read-lines.ts';

export interface LineReading {
  readonly maxLine: number;
  readonly onLine: (line: string) => void;
}

/**
 * Hands over every whole line that was written since the position, through rotation and truncation, each once.
 * Without a position nothing is read: it begins at the end. Returns where it ended.
 * Errors: RollbackdError with reason `log-unreadable`, where there is no such file too.
 */
export async function readLinesSince(
  file: string,
  since: readonly LogPosition[] | undefined,
  { maxLine, onLine }: LineReading,
): Promise<LogPosition[]> {
  await using logs = await openSince(file, since ?? []);
  expectFile(file, logs);
  const marks = new Map((since ?? []).map((position) => [position.inode, position]));
  const positions: LogPosition[] = [];
  for (const family of logs.families) {
    if (since) {
      for await (const line of readAllLines(await piecesSince(family, marks), maxLine)) onLine(line);
    }
    for (const { path, inode, size } of family.rotated) positions.push({ file: path, inode, offset: size });
    const { current } = family;
    if (current) positions.push({ file: current.path, inode: current.inode, offset: await endOfLines(current) });
  }
  return positions;
}
