import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { readDocument } from '../config/document.ts';
import { RollbackdError } from '../core/errors.ts';

const part = z.object({ doors: z.object({ socket: z.object({ path: z.string() }) }) });

/**
 * The socket that a configuration names. Looks at nothing else in it: whoever gives commands need not have
 * the daemon's secrets, without which the whole would be invalid. Errors: RollbackdError `socket-unknown`.
 */
export function configuredSocket(file: string, environment: NodeJS.ProcessEnv): string {
  const readFile = (path: string) => readFileSync(path, 'utf8');
  let text: string;
  try {
    text = readFile(file);
  } catch (cause) {
    throw unknown(`${file} cannot be read (${(cause as NodeJS.ErrnoException).code ?? 'unknown'})`);
  }
  const { value, readable, unresolved } = readDocument(text, { environment, readFile });
  const found = part.safeParse(value);
  if (!readable || !found.success) throw unknown(`${file} names no doors.socket.path`);
  if (unresolved.has('doors.socket.path')) throw unknown(`doors.socket.path of ${file} has an unset reference`);
  return found.data.doors.socket.path;
}

const unknown = (message: string) =>
  new RollbackdError('socket-unknown', `the daemon's socket is not known: ${message}`, {
    remedy: 'name the socket with --socket or $ROLLBACKD_SOCKET, or the configuration with --config',
  });
