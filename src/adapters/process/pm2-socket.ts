import { connect } from 'node:net';
import { join } from 'node:path';
import { explain, RollbackdError } from '../../core/errors.ts';
import type { ProcessConfig } from './schema.ts';

/** Where pm2's daemon listens; its own commands find it there, too. */
export const socketOf = (home: string) => join(home, 'rpc.sock');

const version = 1;
const isJson = 'j:';
const isText = 's:';
const id = 'rollbackd:1';

/**
 * Calls one method of pm2's daemon as pm2's commands do, but without starting one: a command costs half a second of a processor.
 * The daemon speaks AMP: a byte with the version and the number of parts, then each part after its length.
 *
 * Errors: RollbackdError with reason `process-manager`, `timed-out` or `aborted`.
 */
export async function callPm2(
  { home, timeout }: Pick<ProcessConfig, 'home' | 'timeout'>,
  method: string,
  signal: AbortSignal,
): Promise<unknown> {
  const timeLimit = AbortSignal.timeout(timeout);
  try {
    const question = `${isJson}${JSON.stringify({ type: 'call', method, args: [{}] })}`;
    return answerIn(await ask(socketOf(home), [question, `${isText}${id}`], AbortSignal.any([signal, timeLimit])));
  } catch (error) {
    throw failure(error, { home, timeout, method, signal, timeLimit });
  }
}

/** Sends one message and gives the parts of the next. */
async function ask(path: string, parts: readonly string[], signal: AbortSignal): Promise<string[]> {
  const socket = connect({ path, signal });
  socket.write(encode(parts));
  let bytes = Buffer.alloc(0);
  // Leaving the loop closes the socket.
  for await (const chunk of socket) {
    bytes = Buffer.concat([bytes, chunk]);
    const answer = decode(bytes);
    if (answer) return answer;
  }
  throw new Error('it hung up without an answer');
}

function encode(parts: readonly string[]): Buffer {
  const bytes = parts.flatMap((part) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(Buffer.byteLength(part));
    return [length, Buffer.from(part)];
  });
  return Buffer.concat([Buffer.from([(version << 4) | parts.length]), ...bytes]);
}

/** The parts of the first message; `undefined` while it is not whole. */
function decode(bytes: Buffer): string[] | undefined {
  const parts: string[] = [];
  const count = (bytes[0] ?? 0) & 0xf;
  let at = 1;
  while (parts.length < count) {
    if (at + 4 > bytes.length) return undefined;
    const end = at + 4 + bytes.readUInt32BE(at);
    if (end > bytes.length) return undefined;
    parts.push(bytes.toString('utf8', at + 4, end));
    at = end;
  }
  return parts;
}

/** `{ args: [result] }`, or `{ error }`. */
function answerIn([said = '']: readonly string[]): unknown {
  const answer = said.startsWith(isJson) ? JSON.parse(said.slice(isJson.length)) : {};
  if (Array.isArray(answer.args)) return answer.args[0];
  throw new Error('it answered with an error');
}

interface Call {
  readonly home: string;
  readonly timeout: number;
  readonly method: string;
  readonly signal: AbortSignal;
  readonly timeLimit: AbortSignal;
}

/** What the daemon said is not repeated: it may hold an application's environment. */
function failure(error: unknown, { home, timeout, method, signal, timeLimit }: Call): RollbackdError {
  if (signal.aborted) return new RollbackdError('aborted', 'pm2 is no longer asked: the work was called off.');
  if (timeLimit.aborted) {
    return new RollbackdError('timed-out', `pm2's daemon at ${socketOf(home)} did not answer within ${timeout} ms.`, {
      remedy: 'find out what it waits for; "pm2 ping" must answer.',
    });
  }
  const why = error instanceof SyntaxError ? 'its answer is not JSON' : explain(error);
  return new RollbackdError('process-manager', `pm2's daemon at ${socketOf(home)} did not tell ${method}: ${why}.`, {
    remedy: 'see that "pm2 ping" answers for the same user and PM2_HOME, then try again.',
  });
}
