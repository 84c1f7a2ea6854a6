import { printable } from '../core/printable.ts';
import type { Terminal } from './terminal.ts';

interface Streams {
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
}

/** Asks at the terminal that these are; `undefined` where nobody would see the question, or could answer it. */
export function askAt({ stdin: input, stdout: output }: Streams, signal: AbortSignal): Terminal['ask'] {
  if (!input.isTTY || !output.isTTY) return undefined;
  return async (question) => {
    const { createInterface } = await import('node:readline/promises');
    const lines = createInterface({ input, output });
    try {
      return await lines.question(printable(question), { signal });
    } finally {
      lines.close();
    }
  };
}
