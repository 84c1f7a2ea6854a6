import { closeSync, constants, existsSync, fdatasyncSync, openSync, readFileSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Head } from './chain.ts';
import { syncFolder } from './file.ts';

/**
 * How far the journal has come, in a small file beside it. SQLite takes a damaged frame for the end of its log, and a chain
 * does not miss its tail: without this a flipped bit would make a finished run an unfinished one.
 */
export const markFile = (file: string): string => `${file}.mark`;

const line = /^\s*(\d{1,15}) ([0-9a-f]{64})\n$/;

/** As long as any other, so that it is written over in one piece and needs no room on a full disk. */
const lineOf = ({ seq, hash }: Head): string => `${String(seq).padStart(15)} ${hash}\n`;

/** On the disk before it returns; only ever of events that are there already. */
export function writeMark(file: string, head: Head): void {
  const path = markFile(file);
  const isNew = !existsSync(path);
  const descriptor = openSync(path, constants.O_WRONLY | constants.O_CREAT | constants.O_NOFOLLOW, 0o600);
  try {
    writeSync(descriptor, lineOf(head), 0);
    fdatasyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  if (isNew) syncFolder(dirname(path));
}

/** Why the journal is not all that was written, or undefined. One without a mark is taken as it is. */
export function whyBehind(file: string, head: Head, hashAt: (seq: number) => string | undefined): string | undefined {
  const text = readText(markFile(file));
  if (text === undefined) return undefined;
  const [, seq = '', hash] = line.exec(text) ?? [];
  if (hash === undefined) return `Its mark ${markFile(file)} cannot be understood.`;
  const marked = Number(seq);
  if (head.seq < marked) return `It ends with event ${head.seq}, and had come to event ${marked}.`;
  if (marked === 0 || hashAt(marked) === hash) return undefined;
  return `Its event ${marked} is another one than was written.`;
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'latin1');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
