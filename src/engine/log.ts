import pino, { type Logger } from 'pino';
import { redact } from '../core/redaction.ts';

/** JSON lines on standard output; readable ones where that is a terminal. Whatever looks like a secret is taken out of strings. */
export function openLog(level: string): Logger {
  const options = { level, base: null, formatters: { log: redactStrings }, timestamp: pino.stdTimeFunctions.isoTime };
  return process.stdout.isTTY ? pino({ ...options, transport: { target: 'pino-pretty' } }) : pino(options);
}

const redactStrings = (fields: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(fields).map(([key, value]) => [key, typeof value === 'string' ? redact(value) : value]),
  );
