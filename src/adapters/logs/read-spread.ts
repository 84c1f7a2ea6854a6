import { expectFile } from './expect-file.ts';
import { type OpenLog, OpenLogs } from './open-logs.ts';

export interface SpreadReading<Entry> {
  /** In all, or one piece. */
  readonly mostBytes: number;
  /** What a line says, if anything. */
  readonly parse: (line: string) => Entry | undefined;
  /** From such an entry on, nothing of its file is wanted. */
  readonly isPast: (entry: Entry) => boolean;
  readonly onEntry: (entry: Entry) => void;
}

/** The beginning of a log, as far as it is wanted. */
interface Part {
  readonly log: OpenLog;
  readonly end: number;
}

const pieceSize = 64 * 1024;
/** Enough for some lines that tell the time. */
const probeSize = 16 * 1024;

/**
 * A sample: hands over the entries of pieces that are spread evenly over the wanted part of the file and of what rotation has
 * made of it, so that all hours of a day have their share, oldest first. Lines across the border of a piece are left out.
 */
export async function readSpread<Entry>(file: string, reading: SpreadReading<Entry>): Promise<void> {
  await using logs = await OpenLogs.open(file, []);
  expectFile(file, logs);
  const parts: Part[] = [];
  for (const { current, rotated } of logs.families) {
    for (const log of [...rotated, ...(current ? [current] : [])]) {
      parts.push({ log, end: await endOfWanted(log, reading) });
    }
  }
  const total = parts.reduce((sum, { end }) => sum + end, 0);
  const gap = pieceSize * (Math.max(1, total / reading.mostBytes) - 1);
  let from = 0;
  // The gap goes on from file to file: else of each that is smaller than it, only the first hour would be read.
  for (const part of parts) from = await readSampled(part, { from, gap }, reading);
}

/** By halves: most of a log may be from after what is wanted, and must not thin the sample. */
async function endOfWanted<Entry>(log: OpenLog, { parse, isPast }: SpreadReading<Entry>): Promise<number> {
  const entriesAt = async (from: number) =>
    (await linesBetween(log, from, from + probeSize)).flatMap((line) => parse(line) ?? []);
  const [first] = await entriesAt(0);
  if (first !== undefined && isPast(first)) return 0;
  let [wanted, end] = [0, log.size];
  while (end - wanted > pieceSize) {
    const middle = Math.floor((wanted + end) / 2);
    if ((await entriesAt(middle)).some(isPast)) end = middle + probeSize;
    else wanted = middle;
  }
  return end;
}

/** Where in the next file it goes on. */
async function readSampled<Entry>(
  { log, end }: Part,
  { from, gap }: { readonly from: number; readonly gap: number },
  { parse, isPast, onEntry }: SpreadReading<Entry>,
): Promise<number> {
  let at = from;
  while (at < end) {
    const stop = Math.min(at + pieceSize, end);
    for (const line of await linesBetween(log, Math.floor(at), stop)) {
      const entry = parse(line);
      if (entry === undefined) continue;
      if (isPast(entry)) return 0;
      onEntry(entry);
    }
    at = stop + gap;
  }
  return at - end;
}

/** The whole ones. */
async function linesBetween({ handle }: OpenLog, from: number, to: number): Promise<string[]> {
  const piece = Buffer.alloc(Math.ceil(to - from));
  const { bytesRead } = await handle.read(piece, 0, piece.length, from);
  const lines = piece.toString('utf8', 0, bytesRead).split('\n').slice(0, -1);
  return from === 0 ? lines : lines.slice(1);
}
