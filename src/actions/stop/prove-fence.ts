import { RollbackdError } from '../../core/errors.ts';
import { applicationPort } from '../../probes/application-port.ts';
import { type Action, type StepContext, StepFailed } from '../contract.ts';
import { until } from '../until.ts';
import { nameProcesses, proveNoClients } from './database-clients.ts';
import { proveNoWrites, watchedDatabases } from './watch-writes.ts';

const notFenced = (message: string, remedy: string) => new StepFailed('not-fenced', message, { remedy });

/** Nobody listens, nobody is connected, nobody of the application talks to the database, nothing is written. */
export const proveFence: Action = {
  describe: ({ settings }) => ({
    title: 'Prove that nothing of the application reaches the data any more',
    commands: [],
    evidence:
      'no listener and no connection on the application port; no process of the checkout, and none that cannot be seen, connected to mongod; ' +
      `no write to ${watchedDatabases(settings.mongo).join(', ')} while watched`,
    effect: 'nothing',
    expectedMs: settings.rollback.fenceQuiet + 500,
  }),

  async prove(context) {
    await provePortSilent(context);
    const inDoubt = (error: unknown) => notChecked(context, error);
    const databaseClients = await proveNoClients(context, inDoubt);
    const writesWhileWatched = await proveNoWrites(context, inDoubt);
    return { established: 0, listeners: 0, databaseClients, writesWhileWatched };
  },
};

/** A containment proves the stop whatever becomes of the database, which may be what is broken; a rollback goes on to write, and needs to know. */
function notChecked({ kind, signal }: StepContext, error: unknown): string {
  signal.throwIfAborted();
  if (kind !== 'containment' || !(error instanceof Error) || !isOutOfReach(error)) throw error;
  return `not checked: ${error.message}`;
}

const isOutOfReach = (error: Error): boolean =>
  (error instanceof RollbackdError && !(error instanceof StepFailed)) ||
  ('syscall' in error && error.syscall === 'getaddrinfo');

async function provePortSilent({ world, signal }: StepContext): Promise<void> {
  const { settings, host, clock } = world;
  const port = applicationPort(settings);
  const use = await until(
    () => host.portUse(port),
    ({ listening, established }) => !listening && established === 0,
    { forMs: settings.process.timeout, everyMs: 50, clock, signal },
  );
  if (use.listening) {
    const pids = await nameProcesses(host, use.listeners);
    throw notFenced(
      `port ${port} is still listened on by ${pids || 'a process that cannot be seen'}`,
      'find out who it is: rollbackd ends only the processes named in its configuration',
    );
  }
  if (use.established > 0)
    throw notFenced(
      `${use.established} connections on port ${port} are still established`,
      'close them and resume the run',
    );
}
