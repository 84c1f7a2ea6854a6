import { expectFile } from './expect-file.ts';
import { type OpenLog, OpenLogs } from './open-logs.ts';

export interface SpreadReading {
  /** In all; more is read only where one piece of each file is more. */
  readonly mostBytes: number;
  /** False ends the reading of this file. */
  readonly onLine: (line: string) => boolean;
}

const pieceSize = 64 * 1024;

/**
 * A sample: hands over the lines of pieces that are spread evenly over the file and what rotation has made of it, so that all
 * hours of a day have their share, each file's oldest first. Lines across the border of a piece are left out.
 */
export async function readSpread(file: string, { mostBytes, onLine }: SpreadReading): Promise<void> {
  await using logs = await OpenLogs.open(file, []);
  expectFile(file, logs);
  const all = logs.families.flatMap(({ current, rotated }) => [...rotated, ...(current ? [current] : [])]);
  const total = all.reduce((sum, { size }) => sum + size, 0);
  const stride = pieceSize * Math.max(1, total / mostBytes);
  for (const log of all) await readSampled(log, stride, onLine);
}

async function readSampled(log: OpenLog, stride: number, onLine: SpreadReading['onLine']): Promise<void> {
  const piece = Buffer.alloc(pieceSize);
  for (let from = 0; from < log.size; from += stride) {
    const { bytesRead } = await log.handle.read(piece, 0, pieceSize, Math.floor(from));
    const [first = '', ...lines] = piece.toString('utf8', 0, bytesRead).split('\n').slice(0, -1);
    for (const line of from === 0 ? [first, ...lines] : lines) if (!onLine(line)) return;
  }
}
