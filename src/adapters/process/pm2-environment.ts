import { z } from 'zod';
import { RollbackdError } from '../../core/errors.ts';
import type { ProcessIdentity } from '../../model/child.ts';
import type { ProcessInspection } from '../host/contract.ts';

/**
 * A cluster worker is started with its daemon's environment and a variable `pm2_env`, a JSON object that pm2's own start code lays
 * over it before the application runs. In fork mode there is no such variable, and the environment is the application's.
 */
export async function environmentInForce(
  host: ProcessInspection,
  process: ProcessIdentity,
  names: readonly string[],
): Promise<Record<string, string | undefined>> {
  const found = await host.environment(process, [...names, OVERLAY]);
  if (found === undefined) {
    throw new RollbackdError(
      'process-manager',
      `Process ${process.pid} is gone, or its environment is not ours to read.`,
    );
  }
  const overlay = parseOverlay(found[OVERLAY]);
  return Object.fromEntries(names.map((name) => [name, overlay[name] ?? found[name]]));
}

/**
 * The database variables that the daemon itself holds: in cluster mode they win over the application's own file, since dotenv never
 * overrides. Each gets the wanted value said explicitly; one without a wanted value cannot be defeated.
 */
export async function explicitValues(
  host: ProcessInspection,
  daemon: ProcessIdentity,
  variables: readonly string[],
  wanted: Readonly<Record<string, string>>,
): Promise<Record<string, string>> {
  const held = await host.environment(daemon, variables);
  if (held === undefined) {
    throw new RollbackdError(
      'process-manager',
      `The environment of the pm2 daemon (process ${daemon.pid}) cannot be read.`,
      {
        remedy: 'let rollbackd run as the user of the pm2 daemon, or as root.',
      },
    );
  }
  const inTheWay = variables.filter((name) => held[name] !== undefined);
  const unanswered = inTheWay.filter((name) => wanted[name] === undefined);
  if (unanswered.length > 0) throw unbeatable(unanswered);
  return Object.fromEntries(inTheWay.map((name) => [name, wanted[name] ?? '']));
}

const OVERLAY = 'pm2_env';
const overlayObject = z.record(z.string(), z.unknown());

function parseOverlay(text: string | undefined): Record<string, string | undefined> {
  if (text === undefined) return {};
  const entries = Object.entries(overlayObject.parse(JSON.parse(text)));
  return Object.fromEntries(entries.map(([name, value]) => [name, value === null ? undefined : String(value)]));
}

const unbeatable = (names: readonly string[]) =>
  new RollbackdError(
    'process-manager',
    `The pm2 daemon's own environment holds ${names.join(', ')}, and no legacy value is known that could be set against it.`,
    {
      remedy: `restart pm2 without ${names.join(', ')} ("pm2 kill", then "pm2 resurrect" from a clean shell), or name the value in the legacy environment file.`,
    },
  );
