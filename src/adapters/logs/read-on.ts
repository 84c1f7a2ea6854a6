import type { LogPosition } from './contract.ts';
import { expectFile } from './expect-file.ts';
import { openSince } from './open-since.ts';
import { endOfLines, newestOf, piecesSince } from './pieces.ts';
import { readAllLines } from './read-lines.ts';

export interface LineReading {
  readonly maxLine: number;
  /** Of more than that only the newest is read. */
  readonly mostBytes: number;
  readonly onLine: (line: string) => void;
}

/**
 * Hands over every whole line that was written since the position, through rotation and truncation, each once.
 * Without a position nothing is read: it begins at the end. Returns where it ended, and how many bytes were too much.
 * Errors: RollbackdError with reason `log-unreadable`, where there is no such file too.
 */
export async function readLinesSince(
  file: string,
  since: readonly LogPosition[] | undefined,
  { maxLine, mostBytes, onLine }: LineReading,
): Promise<{ positions: LogPosition[]; leftOut: number }> {
  await using logs = await openSince(file, since ?? []);
  expectFile(file, logs);
  const marks = new Map((since ?? []).map((position) => [position.inode, position]));
  const positions: LogPosition[] = [];
  let leftOut = 0;
  for (const family of logs.families) {
    if (since) {
      const newest = newestOf(await piecesSince(family, marks), mostBytes);
      leftOut += newest.leftOut;
      for await (const line of readAllLines(newest.pieces, maxLine)) onLine(line);
    }
    for (const { path, inode, size } of family.rotated) positions.push({ file: path, inode, offset: size });
    const { current } = family;
    if (current) positions.push({ file: current.path, inode: current.inode, offset: await endOfLines(current) });
  }
  return { positions, leftOut };
}
