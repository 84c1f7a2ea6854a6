import type { PortUse } from '../adapters/host/contract.ts';
import type { ManagedProcess } from '../adapters/process/contract.ts';
import { applicationPort } from '../probes/application-port.ts';
import { nameProcesses } from './stop/database-clients.ts';
import { until } from './until.ts';
import type { World } from './world.ts';

type Looking = Pick<World, 'host' | 'process' | 'clock'> & {
  readonly settings: Parameters<typeof applicationPort>[0];
};

/** A process that begins or ends between two looks is seen by one of them only: pm2 restarts what crashes within that time. */
const patience = { forMs: 2_000, everyMs: 250 };

/** Who listens on the port of the application without being of the target, in words; undefined where nobody does. */
export function takenBy(world: Looking, signal: AbortSignal): Promise<string | undefined> {
  const isFree = (taken: string | undefined) => taken === undefined;
  return until(() => lookAt(world, signal), isFree, { ...patience, clock: world.clock, signal });
}

async function lookAt(world: Looking, signal: AbortSignal): Promise<string | undefined> {
  const port = applicationPort(world.settings);
  const use = await world.host.portUse(port);
  if (!use.listening) return undefined;
  const own = (await world.process.list(signal)).filter(({ pid }) => pid > 0);
  const strangers = [...(await visibleStrangers(world, use, own)), ...(await hiddenStrangers(world, use, own))];
  if (strangers.length === 0) return undefined;
  return `port ${port} is taken by a process that is not the target's: ${strangers.join(', ')}`;
}

/**
 * The target's are its processes, whatever they have started, and who has started them: in cluster mode pm2's daemon holds
 * the port for its workers, and while there are none it holds it for somebody else.
 */
async function visibleStrangers({ host }: Looking, { listeners }: PortUse, own: readonly ManagedProcess[]) {
  const pids = own.map(({ pid }) => pid);
  const managers = (await Promise.all(pids.map((pid) => host.ancestors(pid)))).flatMap(([parent]) => parent ?? []);
  const found: string[] = [];
  for (const listener of listeners) {
    const line = [listener.pid, ...(await host.ancestors(listener.pid))];
    const isOurs = managers.includes(listener.pid) || line.some((pid) => pids.includes(pid));
    const isThere = (await host.identity(listener.pid))?.startTime === listener.startTime;
    if (isThere && !isOurs) found.push(await nameProcesses(host, [listener]));
  }
  return found;
}

/** Not even our own can be looked into where their program has capabilities, as a Node that may take the ports below 1024. */
async function hiddenStrangers({ host }: Looking, { hidden }: PortUse, own: readonly ManagedProcess[]) {
  const users = await Promise.all(own.map(({ pid }) => host.user(pid)));
  return hidden
    .filter((uid) => !users.includes(uid))
    .map((uid) => `one of the user with id ${uid}, which cannot be seen`);
}
