import pino, { type DestinationStream, type Logger, type LoggerOptions } from 'pino';
import { printable } from '../core/printable.ts';
import { redact } from '../core/redaction.ts';

/** JSON lines on standard output; readable ones where that is a terminal. */
export function openLog(level: string): Logger {
  const options = logOptions(level);
  if (process.stdout.isTTY) return pino({ ...options, transport: { target: 'pino-pretty' } });
  return pino(options, standardOutput());
}

/** More than this is not kept for a disk that has no room: then the newest lines are lost. */
const mostUnwritten = 4 * 2 ** 20;

/** Where it is a file on a full disk, lines wait; a log that cannot be written ends nobody who has better things to do. */
function standardOutput(): DestinationStream {
  const stream = pino.destination({ dest: 1, sync: true, maxLength: mostUnwritten });
  stream.on('error', () => {});
  return stream;
}

/** Whatever looks like a secret is taken out of the fields, and what a terminal would take for an order out of everything. */
export const logOptions = (level: string): LoggerOptions => ({
  level,
  base: null,
  formatters: { log: (fields) => mapStrings(fields, redact) as Record<string, unknown> },
  timestamp: pino.stdTimeFunctions.isoTime,
  hooks: {
    logMethod(words, method) {
      const [first, ...others] = words.map((word) => mapStrings(word, printable));
      method.apply(this, [first as object, ...(others as [string])]);
    },
  },
});

/** The same, with every string in it as it may be written down. */
function mapStrings(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((item) => mapStrings(item, change));
  if (!isPlain(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [change(key), mapStrings(inner, change)]));
}

const isPlain = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
