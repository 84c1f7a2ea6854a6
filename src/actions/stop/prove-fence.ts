import type { ActivityCounters } from '../../adapters/mongo/contract.ts';
import { applicationPort } from '../application-port.ts';
import { type Action, type StepContext, StepFailed } from '../contract.ts';
import { realPath } from '../real-path.ts';
import { until } from '../until.ts';
import type { World } from '../world.ts';

const notFenced = (message: string, remedy: string) => new StepFailed('not-fenced', message, { remedy });

/** Nobody listens, nobody is connected, nobody of the application talks to the database, nothing is written. */
export const proveFence: Action = {
  describe: ({ settings }) => ({
    title: 'Prove that nothing of the application reaches the data any more',
    commands: [],
    evidence:
      'no listener and no connection on the application port; no process of the checkout connected to mongod; ' +
      `no write to ${settings.mongo.unified.database} while watched`,
    effect: 'nothing',
    expectedMs: settings.rollback.fenceQuiet + 500,
  }),

  async prove(context) {
    await provePortSilent(context);
    await proveNoDatabaseClient(context);
    const writes = await proveNoWrites(context);
    return { established: 0, listeners: 0, databaseClients: 0, writesWhileWatched: writes };
  },
};

async function provePortSilent({ world, signal }: StepContext): Promise<void> {
  const { settings, host, clock } = world;
  const port = applicationPort(settings);
  const use = await until(
    () => host.portUse(port),
    ({ listening, established }) => !listening && established === 0,
    { forMs: settings.process.timeout, everyMs: 50, clock, signal },
  );
  if (use.listening) {
    const pids = use.listeners.map(({ pid }) => pid).join(', ');
    throw notFenced(
      `port ${port} is still listened on by pid ${pids || 'unknown'}`,
      'find out who it is: rollbackd ends only the processes named in its configuration',
    );
  }
  if (use.established > 0)
    throw notFenced(
      `${use.established} connections on port ${port} are still established`,
      'close them and resume the run',
    );
}

async function proveNoDatabaseClient({ world }: StepContext): Promise<void> {
  const { mongo, code, process } = world.settings;
  const clients = await world.host.connectedTo(mongo.unified);
  const places = await Promise.all(
    [code.repository, ...(process.workingDirectory === undefined ? [] : [process.workingDirectory])].map(realPath),
  );
  const found = await Promise.all(clients.map(({ pid }) => whereabouts(world, pid)));
  const ours = found.filter(({ folder }) => places.some((place) => isWithin(place, folder)));
  if (ours.length > 0) {
    const pids = ours.map(({ pid, folder }) => `${pid} in ${folder}`).join(', ');
    throw notFenced(
      `processes of the checkout are still connected to mongod: ${pids}`,
      'stop these workers and resume the run',
    );
  }
}

/** Somebody alive whose place cannot be seen may be one of the application's: it counts as such. */
async function whereabouts({ host }: World, pid: number): Promise<{ pid: number; folder: string | undefined }> {
  const folder = await host.workingDirectory(pid);
  if (folder === undefined && (await host.identity(pid)) !== undefined) {
    throw notFenced(
      `process ${pid} is connected to mongod, and where it runs cannot be seen`,
      'let rollbackd see the processes of the application (the same user, or root), and resume the run',
    );
  }
  return { pid, folder };
}

const isWithin = (place: string, folder: string | undefined): boolean =>
  folder === place || (folder?.startsWith(`${place}/`) ?? false);

async function proveNoWrites({ world, signal }: StepContext): Promise<number> {
  const { unified } = world.settings.mongo;
  const before = await world.unified.activity(signal);
  await world.clock.sleep(world.settings.rollback.fenceQuiet, signal);
  const after = await world.unified.activity(signal);
  if (restarted(before, after)) {
    throw notFenced('mongod restarted while it was watched', 'resume the run');
  }
  const writes = (after.writes[unified.database] ?? 0) - (before.writes[unified.database] ?? 0);
  if (writes !== 0) {
    throw notFenced(
      `${writes} writes to ${unified.database} while the application was stopped`,
      'find the other writer (a worker on another host, a job, a person), stop it, and resume the run',
    );
  }
  return writes;
}

const restarted = (before: ActivityCounters, after: ActivityCounters): boolean =>
  before.serverPid !== after.serverPid || after.uptimeMs < before.uptimeMs;
