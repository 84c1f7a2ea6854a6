import type { LogPosition } from './contract.ts';
import type { LogFamily, OpenLog } from './open-logs.ts';

/** A part of a file, from a position to what was its end when it was opened. */
export interface Piece {
  readonly log: OpenLog;
  readonly from: number;
  /** Rotated away: a last line without its end is all there will be of it. */
  readonly ended: boolean;
}

type Marks = ReadonlyMap<number, LogPosition>;

/** What was written to a log since the marks, oldest first, through whatever rotation has happened to it. */
export async function piecesSince(family: LogFamily, marks: Marks): Promise<Piece[]> {
  const { current } = family;
  const known = family.rotated.filter(({ inode }) => marks.has(inode));
  const mark = current && marks.get(current.inode);
  // Of a log that was not there, nothing was marked, so nothing tells its new rotated files from other ones.
  const isNew = mark === undefined && known.length === 0;
  const fresh = isNew ? [] : family.rotated.filter(({ inode }) => !marks.has(inode));
  const renamed = known.map((log) => ended(log, resumeAt(log, marks)));
  if (current === undefined) return [...renamed, ...fresh.map((log) => ended(log, 0))];
  if (mark === undefined)
    return [...renamed, ...fresh.map((log) => ended(log, 0)), { log: current, from: 0, ended: false }];
  if (!(await isTruncated(current, mark.offset, fresh[0]))) {
    return [...renamed, { log: current, from: mark.offset, ended: false }];
  }
  const copies = await Promise.all(
    fresh.map(async (log, index) => ended(log, index === 0 && (await reaches(log, mark.offset)) ? mark.offset : 0)),
  );
  return [...renamed, ...copies, { log: current, from: 0, ended: false }];
}

/** The newest so many bytes of the pieces, and how many older ones are left out. */
export function newestOf(pieces: readonly Piece[], mostBytes: number): { pieces: Piece[]; leftOut: number } {
  const newest: Piece[] = [];
  let left = mostBytes;
  let leftOut = 0;
  for (const piece of pieces.toReversed()) {
    const length = piece.log.size - piece.from;
    const taken = Math.min(length, left);
    left -= taken;
    leftOut += length - taken;
    if (taken > 0) newest.unshift({ ...piece, from: piece.log.size - taken });
  }
  return { pieces: newest, leftOut };
}

/** Up to the last whole line, so that a line which is half written now is read whole later. */
export async function endOfLines({ handle, size }: OpenLog): Promise<number> {
  const chunk = Buffer.alloc(64 * 1024);
  for (let end = size; end > 0; end -= chunk.length) {
    const start = Math.max(0, end - chunk.length);
    const { bytesRead } = await handle.read(chunk, 0, end - start, start);
    const lineEnd = chunk.subarray(0, bytesRead).lastIndexOf('\n');
    if (lineEnd >= 0) return start + lineEnd + 1;
  }
  return 0;
}

const ended = (log: OpenLog, from: number): Piece => ({ log, from, ended: true });

function resumeAt(log: OpenLog, marks: Marks): number {
  const offset = marks.get(log.inode)?.offset ?? 0;
  return offset <= log.size ? offset : 0;
}

/**
 * Whether a log was emptied in place since the mark (`copytruncate`), even if it has grown past the mark again: a mark lies behind
 * a line's end, and the copy made of the log, if there is one, holds other text before the mark than the log does now.
 */
async function isTruncated(log: OpenLog, offset: number, copy: OpenLog | undefined): Promise<boolean> {
  if (!(await reaches(log, offset))) return true;
  return copy !== undefined && !(await sameTextBefore(log, copy, offset));
}

async function reaches(log: OpenLog, offset: number): Promise<boolean> {
  if (offset === 0) return true;
  return log.size >= offset && (await textOf(log, offset - 1, 1)) === '\n';
}

async function sameTextBefore(log: OpenLog, copy: OpenLog, offset: number): Promise<boolean> {
  const end = offset > 0 ? offset : Math.min(256, log.size, copy.size);
  const start = Math.max(0, end - 256);
  return end > start && (await textOf(log, start, end - start)) === (await textOf(copy, start, end - start));
}

async function textOf({ handle }: OpenLog, start: number, length: number): Promise<string> {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, start);
  return buffer.toString('latin1', 0, bytesRead);
}
