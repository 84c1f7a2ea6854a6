import { z } from 'zod';
import { configSchema } from '../config/schema.ts';
import { RollbackdError } from '../core/errors.ts';
import { configuredValues } from './configured-values.ts';

const { http } = configSchema.shape.doors.shape;
/** From the environment a number comes as text. */
const port = z.coerce.number().pipe(http.unwrap().shape.port.unwrap());
const part = z.object({ doors: z.object({ http: z.object({ host: z.string(), port }).partial().default({}) }) });
const usual = http.parse(undefined);

/** Where the daemon of this host answers machines. Errors: RollbackdError `http-unknown`. */
export function configuredHttp(file: string, environment: NodeJS.ProcessEnv): string {
  const values = configuredValues(file, environment);
  if (values.status === 'unreadable') throw unknown(values.why);
  const found = part.safeParse(values.value);
  if (!found.success) throw unknown(`${file} does not say where it is (doors.http)`);
  const { host = usual.host, port: number = usual.port } = found.data.doors.http;
  return `http://${reachable(host)}:${number}`;
}

/** Who listens everywhere is asked on the loopback. */
function reachable(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  if (host === '::') return '[::1]';
  return host.includes(':') ? `[${host}]` : host;
}

const unknown = (message: string) =>
  new RollbackdError('http-unknown', `the daemon's HTTP door is not known: ${message}`, {
    remedy: 'name the configuration with --config or $ROLLBACKD_CONFIG',
  });
