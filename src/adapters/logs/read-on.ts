import { RollbackdError } from '../../core/errors.ts';
import type { LogPosition } from './contract.ts';
import { OpenLogs } from './open-logs.ts';
import { openSince } from './open-since.ts';
import { endOfLines, type Piece, piecesSince } from './pieces.ts';
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

export interface FileReading {
  readonly maxLine: number;
  /** False ends the reading of this file. */
  readonly onLine: (line: string) => boolean;
  /** Asked before each further file. */
  readonly isEnough: () => boolean;
}

/** Hands over the lines of the file and of what rotation has made of it, the newest file first, each from its beginning. */
export async function readFiles(file: string, { maxLine, onLine, isEnough }: FileReading): Promise<void> {
  await using logs = await OpenLogs.open(file, []);
  expectFile(file, logs);
  for (const { current, rotated } of logs.families) {
    const newestFirst = [...(current ? [current] : []), ...rotated.toReversed()];
    for (const log of newestFirst) {
      if (isEnough()) return;
      const whole: Piece = { log, from: 0, ended: log !== current };
      for await (const line of readAllLines([whole], maxLine)) if (!onLine(line)) break;
    }
  }
}

function expectFile(file: string, { families }: OpenLogs): void {
  if (families.some(({ current, rotated }) => current !== undefined || rotated.length > 0)) return;
  throw new RollbackdError('log-unreadable', `there is no log at ${file}`, {
    remedy: 'name the file that the balancer writes, and let it be written once',
  });
}
