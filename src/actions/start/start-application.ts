import type { ManagedProcess } from '../../adapters/process/contract.ts';
import { type Action, type StepContext, StepFailed } from '../contract.ts';
import { keepMaintenance } from '../maintenance.ts';
import { takenBy } from '../port-taken.ts';
import { realPath } from '../real-path.ts';
import { serverFolder } from '../server-folder.ts';
import { until } from '../until.ts';
import { legacyDatabaseValues } from './legacy-database-values.ts';
import { keepLogMarks } from './log-marks.ts';

export const startApplication: Action = {
  describe: ({ process, settings }) => ({
    title: `Start ${settings.process.names.join(', ')} from the legacy code, and save it so`,
    commands: process.describe('replace'),
    evidence: `online in ${serverFolder(settings)}, with no ${settings.process.databaseVariables.join(' or ')} of the unified system in its environment, and saved so`,
    effect: 'the legacy application runs behind the maintenance answer',
    expectedMs: 5_000,
  }),

  async perform(context) {
    const { world, signal } = context;
    await refuseStranger(context);
    // The application is down: who answers now is the balancer. Hours may lie behind us, and nobody may come in before the tests.
    await keepMaintenance(context);
    await keepLogMarks(context);
    await world.process.replace(
      {
        ecosystemFile: world.settings.process.ecosystemFile,
        workingDirectory: serverFolder(world.settings),
        environment: await legacyDatabaseValues(world),
      },
      signal,
    );
  },

  async prove(context) {
    const { world, signal } = context;
    const { names, instances, timeout } = world.settings.process;
    const processes = await until(
      () => world.process.list(signal),
      (seen) => onlineOf(seen).length >= instances && seen.every(({ status }) => status === 'online'),
      { forMs: context.patient ? timeout : 0, everyMs: 100, clock: world.clock, signal },
    );
    const online = onlineOf(processes);
    const absent = names.filter((name) => !online.some((process) => process.name === name));
    if (online.length < instances || absent.length > 0) {
      throw new StepFailed('not-proven', `${online.length} of ${instances} processes of ${names} are online`);
    }
    for (const process of online) await proveProcess(context, process);
    await proveSaved(context, online);
    return { online: online.length, pids: online.map(({ pid }) => pid).join(', ') };
  },
};

const onlineOf = (processes: readonly ManagedProcess[]) =>
  processes.filter(({ status, pid }) => status === 'online' && pid > 0);

/** Whoever else sits on the port is reported, never ended. */
async function refuseStranger({ world, signal }: StepContext): Promise<void> {
  const taken = await takenBy(world, signal);
  if (taken === undefined) return;
  throw new StepFailed('stranger-on-port', taken, { remedy: 'stop it yourself, then resume the run' });
}

/** Else a reboot would leave it down, or bring back what was saved before: the unified application. */
async function proveSaved({ world }: StepContext, online: readonly ManagedProcess[]): Promise<void> {
  const folder = await realPath(serverFolder(world.settings));
  const saved: string[] = [];
  for (const { name, startsAtBoot, workingDirectory } of await world.process.saved()) {
    if (startsAtBoot && (await realPath(workingDirectory)) === folder) saved.push(name);
  }
  const count = (names: readonly string[], name: string) => names.filter((each) => each === name).length;
  const running = online.map(({ name }) => name);
  const unsaved = world.settings.process.names.filter((name) => count(saved, name) !== count(running, name));
  if (unsaved.length > 0) {
    throw new StepFailed('not-proven', `not saved as it runs, for the next boot: ${unsaved.join(', ')}`);
  }
}

async function proveProcess(context: StepContext, { name, pid }: ManagedProcess): Promise<void> {
  const { world } = context;
  const identity = await world.host.identity(pid);
  if (!identity) throw new StepFailed('not-proven', `${name} (pid ${pid}) is gone already`);
  const folder = await world.host.workingDirectory(pid);
  if (folder !== (await realPath(serverFolder(world.settings))))
    throw new StepFailed('not-proven', `${name} (pid ${pid}) runs in ${folder}`);
  const wanted = await legacyDatabaseValues(world);
  const inForce = await world.process.environmentInForce(identity, world.settings.process.databaseVariables);
  const wrong = Object.entries(inForce).filter(
    ([variable, value]) => value !== undefined && value !== wanted[variable],
  );
  if (wrong.length > 0) {
    throw new StepFailed(
      'wrong-database',
      `${name} (pid ${pid}) has another ${wrong.map(([variable]) => variable).join(', ')} in force than the legacy file says`,
      {
        remedy: 'the process manager itself carries the old value: restart it, then resume the run',
      },
    );
  }
}
