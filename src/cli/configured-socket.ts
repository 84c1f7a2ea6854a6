import { z } from 'zod';
import { RollbackdError } from '../core/errors.ts';
import { configuredValues } from './configured-values.ts';

const part = z.object({ doors: z.object({ socket: z.object({ path: z.string() }) }) });

/** The socket that a configuration names; looks at nothing else in it. Errors: RollbackdError `socket-unknown`. */
export function configuredSocket(file: string, environment: NodeJS.ProcessEnv): string {
  const values = configuredValues(file, environment);
  if (values.status === 'unreadable') throw unknown(values.why);
  const found = part.safeParse(values.value);
  if (!found.success) throw unknown(`${file} names no doors.socket.path`);
  if (values.unresolved.has('doors.socket.path')) throw unknown(`doors.socket.path of ${file} has an unset reference`);
  return found.data.doors.socket.path;
}

const unknown = (message: string) =>
  new RollbackdError('socket-unknown', `the daemon's socket is not known: ${message}`, {
    remedy: 'name the socket with --socket or $ROLLBACKD_SOCKET, or the configuration with --config',
  });
