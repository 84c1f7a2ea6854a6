import { stripVTControlCharacters } from 'node:util';
import type { Piece } from './pieces.ts';

const chunkSize = 64 * 1024;

export async function* readAllLines(pieces: readonly Piece[], maxLine: number): AsyncGenerator<string> {
  for (const piece of pieces) yield* readLines(piece, maxLine);
}

/** The whole lines of a piece, without their ends and colours. Of a longer one than `maxLine` bytes, the beginning. */
async function* readLines({ log, from, ended }: Piece, maxLine: number): AsyncGenerator<string> {
  const chunk = Buffer.alloc(chunkSize);
  let line = Buffer.alloc(0);
  for (let position = from; position < log.size; ) {
    const { bytesRead } = await log.handle.read(chunk, 0, Math.min(chunkSize, log.size - position), position);
    if (bytesRead === 0) break;
    position += bytesRead;
    let start = 0;
    for (let end = chunk.indexOf('\n'); end >= 0 && end < bytesRead; end = chunk.indexOf('\n', start)) {
      yield text(extended(line, chunk.subarray(start, end), maxLine), maxLine);
      line = Buffer.alloc(0);
      start = end + 1;
    }
    line = extended(line, chunk.subarray(start, bytesRead), maxLine);
  }
  if (ended && line.length > 0) yield text(line, maxLine);
}

/** One byte more than allowed shows that there was more. */
const extended = (line: Buffer, more: Buffer, maxLine: number): Buffer<ArrayBuffer> =>
  Buffer.concat([line, more.subarray(0, Math.max(0, maxLine + 1 - line.length))]);

function text(line: Buffer, maxLine: number): string {
  const whole = stripVTControlCharacters(line.toString('utf8')).replace(/\r$/, '');
  // Cut at a blank: half an address or token would no longer look like a secret.
  return line.length <= maxLine ? whole : `${whole.replace(/\S*$/, '')}[cut]`;
}
