import { BackupError } from './backup-error.ts';

const LENGTH_BYTES = 4;
const SMALLEST = 5;
/** 16 MiB, and the 16 KiB that the server allows itself above that. */
const LARGEST = 16 * 2 ** 20 + 16 * 2 ** 10;

export interface DocumentFrames {
  write(chunk: Buffer): void;
  /** Throws where the last document is incomplete. */
  end(): void;
}

/**
 * Cuts a stream of BSON into documents by their length prefixes, without decoding them.
 * Every byte must belong to a document, and every document must end in a zero byte.
 */
export function createDocumentFrames(file: string, onDocument: (raw: Buffer) => void): DocumentFrames {
  let waiting: Buffer[] = [];
  let waitingBytes = 0;
  let needed = LENGTH_BYTES;
  let offset = 0;

  /** Hands out the complete documents of a buffer that begins with one; returns what is left over. */
  const cut = (buffer: Buffer): Buffer => {
    let at = 0;
    while (buffer.length - at >= LENGTH_BYTES) {
      const length = documentLength(file, offset, buffer, at);
      if (buffer.length - at < length) {
        needed = length;
        return buffer.subarray(at);
      }
      expectEnd(file, offset, buffer, at + length);
      onDocument(buffer.subarray(at, at + length));
      at += length;
      offset += length;
    }
    needed = LENGTH_BYTES;
    return buffer.subarray(at);
  };

  return {
    write(chunk) {
      waiting.push(chunk);
      waitingBytes += chunk.length;
      // Large documents come in many chunks: joined once, when they are complete.
      if (waitingBytes < needed) return;
      const rest = cut(waiting.length === 1 ? chunk : Buffer.concat(waiting, waitingBytes));
      waiting = rest.length === 0 ? [] : [rest];
      waitingBytes = rest.length;
    },
    end() {
      if (waitingBytes > 0) throw truncated(file, offset, `the document there has ${waitingBytes} bytes of ${needed}`);
    },
  };
}

export function truncated(file: string, offset: number, detail: string): BackupError {
  return new BackupError('truncated', `${file} is cut off at byte ${offset}: ${detail}`, {
    remedy: 'the backup cannot be restored: use another copy of it',
  });
}

export function garbage(file: string, offset: number, detail: string): BackupError {
  return new BackupError('garbage', `${file} holds no BSON at byte ${offset}: ${detail}`, {
    remedy: 'the backup cannot be restored: use another copy of it',
  });
}

function documentLength(file: string, offset: number, buffer: Buffer, at: number): number {
  const length = buffer.readInt32LE(at);
  if (length < SMALLEST || length > LARGEST) throw garbage(file, offset, `a document of ${length} bytes`);
  return length;
}

function expectEnd(file: string, offset: number, buffer: Buffer, end: number): void {
  if (buffer[end - 1] !== 0) throw garbage(file, offset, 'the document there does not end in a zero byte');
}
