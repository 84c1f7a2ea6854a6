import { pid as ownPid } from 'node:process';
import type { ServerClients } from '../../adapters/host/contract.ts';
import type { MongoConfig } from '../../adapters/mongo/schema.ts';
import type { ProcessIdentity } from '../../model/child.ts';
import { type StepContext, StepFailed } from '../contract.ts';
import { realPath } from '../real-path.ts';
import type { World } from '../world.ts';
import { unifiedInDoubt } from './unified-in-doubt.ts';

const notFenced = (message: string, remedy: string) => new StepFailed('not-fenced', message, { remedy });

const seeEverybody =
  "find out whose it is (as root: `ss -tnpe`) and stop it if it is the application's, or let rollbackd see everybody's processes (as root); then resume the run";

interface Server {
  readonly host: string;
  readonly port: number;
}

/** The unified and the legacy one, once where they are the same. */
export function databaseServers({ unified, legacy }: MongoConfig): Server[] {
  const isSame = unified.host === legacy.host && unified.port === legacy.port;
  return isSame ? [unified] : [unified, legacy];
}

/**
 * Nobody of the application is connected to either server, and nobody who cannot be seen.
 * Throws where somebody is; `inDoubt` says what becomes of a server whose name cannot be looked up.
 */
export async function proveNoClients(
  context: StepContext,
  inDoubt: (error: unknown) => string,
): Promise<number | string> {
  const { world } = context;
  const { mongo } = world.settings;
  const doubt = (server: Server) => (server === mongo.unified ? unifiedInDoubt(mongo, inDoubt) : inDoubt);
  const looks = await Promise.all(
    databaseServers(mongo).map((server) => proveNoClientOf(world, server).catch(doubt(server))),
  );
  return looks.find((look) => typeof look === 'string') ?? 0;
}

async function proveNoClientOf(world: World, server: Server): Promise<number> {
  const mongod = `mongod at ${server.host}:${server.port}`;
  const clients = await world.host.connectedTo(server);
  const ours = await ofTheApplication(world, clients.processes, mongod);
  if (ours.length > 0) {
    throw notFenced(
      `processes of the checkout are still connected to ${mongod}: ${await nameProcesses(world.host, ours)}`,
      'stop these workers (rollbackd ends only what its configuration names) and resume the run',
    );
  }
  refuseUnseen(clients, mongod);
  await refuseBySocketFile(world, clients, mongod);
  return 0;
}

function refuseUnseen({ unseen }: ServerClients, mongod: string): void {
  if (unseen.length === 0) return;
  const told = unseen.map(({ localPort, inode, uid }) => `local port ${localPort} (socket ${inode}, uid ${uid})`);
  throw notFenced(`connected to ${mongod}, by a process that cannot be seen: ${told.join(', ')}`, seeEverybody);
}

/** Whose the ends of these connections are is not told; whoever is none of the application's can be ruled out, the rest cannot. */
async function refuseBySocketFile(world: World, { bySocketFile }: ServerClients, mongod: string): Promise<void> {
  if (!bySocketFile) return;
  const { path, connections, suspects, hidden } = bySocketFile;
  const what = `${connections} connections to ${mongod} by ${path}`;
  if (hidden) throw notFenced(`${what}, and not every process can be looked into`, seeEverybody);
  const ours = await ofTheApplication(world, suspects, mongod);
  if (ours.length === 0) return;
  throw notFenced(
    `${what}, perhaps by processes of the checkout: ${await nameProcesses(world.host, ours)}`,
    'stop them if they are workers of the application, and resume the run',
  );
}

/** Those that run in the checkout or in the application's working folder; never rollbackd itself. */
async function ofTheApplication(
  world: World,
  processes: readonly ProcessIdentity[],
  mongod: string,
): Promise<ProcessIdentity[]> {
  const { code, process } = world.settings;
  const { workingDirectory } = process;
  const places = await Promise.all([code.repository, ...(workingDirectory ? [workingDirectory] : [])].map(realPath));
  const found: ProcessIdentity[] = [];
  for (const one of processes) {
    if (one.pid === ownPid) continue;
    const folder = await whereabouts(world, one.pid, mongod);
    if (places.some((place) => isWithin(place, folder))) found.push(one);
  }
  return found;
}

/** Somebody alive whose place cannot be seen may be one of the application's: it counts as such. */
async function whereabouts({ host }: World, pid: number, mongod: string): Promise<string | undefined> {
  const folder = await host.workingDirectory(pid);
  if (folder === undefined && (await host.identity(pid)) !== undefined) {
    throw notFenced(
      `process ${pid} is connected to ${mongod}, and where it runs cannot be seen`,
      'let rollbackd see the processes of the application (the same user, or root), and resume the run',
    );
  }
  return folder;
}

/** `node, pid 300 in /srv/cafe (unit /system.slice/cafe.service)`: enough to find whoever keeps it. */
export async function nameProcesses(host: World['host'], processes: readonly ProcessIdentity[]): Promise<string> {
  const named = processes.map(async (one) => {
    const program = await host.programName(one.pid);
    const folder = await host.workingDirectory(one.pid);
    const keeper = await host.keeper(one);
    const who = `${program ? `${program}, ` : ''}pid ${one.pid}`;
    return [who, ...(folder ? [`in ${folder}`] : []), ...(keeper ? [`(${keeper})`] : [])].join(' ');
  });
  return (await Promise.all(named)).join(', ');
}

const isWithin = (place: string, folder: string | undefined): boolean =>
  folder === place || (folder?.startsWith(`${place}/`) ?? false);
