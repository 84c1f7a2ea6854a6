import { RollbackdError } from '../../core/errors.ts';
import { pathExists } from '../../core/path-exists.ts';
import { obstacleOf } from '../../model/obstacle.ts';
import type { EcosystemAfterSwitch, ManagedProcess, ProcessAdapter, StartRequest } from './contract.ts';
import { ecosystemObstacles } from './ecosystem-file.ts';
import { readEcosystem } from './ecosystem-reader.ts';
import { createPm2Client, type Pm2Access, type Pm2Client, targetEnvironment } from './pm2-client.ts';
import { environmentInForce, explicitValues } from './pm2-environment.ts';
import type { ListedApp } from './pm2-list.ts';
import { againstSaving, pm2Refusals } from './pm2-refusals.ts';
import { readSaved, savedOf } from './pm2-saved.ts';
import type { ProcessConfig } from './schema.ts';

/** The target's processes under pm2. pm2 takes a name for a namespace too, so processes are always told by their ids. */
export function pm2Adapter(access: Pm2Access): ProcessAdapter {
  const { config, host } = access;
  const client = createPm2Client(access);
  return {
    list: async (signal) => ownOf(await client.listAll(signal), config).map(asManaged),
    saved: () => savedOf(config),
    refusals: (signal) => pm2Refusals(access, client, signal),
    environmentObstacles: async (environment) =>
      explicitValues(host, await client.daemon(), config.databaseVariables, environment).then(
        () => [],
        (error: unknown) => [obstacleOf(error)],
      ),
    ecosystemObstacles: async (look, signal) => {
      const reader = await ecosystemReader(access, client, look);
      return await ecosystemObstacles(look, config, (file) => readEcosystem(reader, file, signal));
    },
    stop: async (signal) => void (await stop(client, config, signal)),
    stopAndSave: async (signal) => save(client, config, await stop(client, config, signal), signal),
    release: (signal) => release(client, config, signal),
    replace: (request, signal) => replace(access, client, request, signal),
    environmentInForce: (process, names) => environmentInForce(host, process, names),
    describe: (what) => describe(what, config),
  };
}

/** As `replace` would have it read. */
async function ecosystemReader({ config, host, readOnly }: Pm2Access, client: Pm2Client, look: EcosystemAfterSwitch) {
  const { node, program, home, timeout: timeoutMs } = config;
  return {
    ...{ readOnly, node, program, timeoutMs },
    environment: await targetEnvironment(config, await client.daemon(), host),
    workingDirectory: (await pathExists(look.workingDirectory)) ? look.workingDirectory : home,
    arguments: startArguments(config, look),
  };
}

/** Returns pm2's whole list as it is then. */
async function stop(client: Pm2Client, config: ProcessConfig, signal: AbortSignal): Promise<ListedApp[]> {
  const running = ownOf(await client.listAll(signal), config).filter(({ status }) => status !== 'stopped');
  if (running.length > 0) await client.write(['stop', ...idsOf(running)], signal);
  const apps = await client.listAll(signal);
  const alive = ownOf(apps, config).filter(({ status, pid }) => status !== 'stopped' || pid !== 0);
  if (alive.length > 0) throw notDone(`after "pm2 stop" still ${told(alive)}`);
  return apps;
}

async function release(client: Pm2Client, config: ProcessConfig, signal: AbortSignal): Promise<void> {
  const own = ownOf(await client.listAll(signal), config);
  if (own.length === 0) throw notDone(`it does not know ${config.names.join(', ')} any more`);
  const down = own.filter(({ status }) => status !== 'online' && status !== 'starting');
  if (down.length > 0) await client.write(['start', ...idsOf(down)], signal);
  const apps = await client.listAll(signal);
  const stopped = ownOf(apps, config).filter(({ status }) => status === 'stopped');
  if (stopped.length > 0) throw notDone(`after "pm2 start" still ${told(stopped)}`);
  await save(client, config, apps, signal);
}

async function replace(
  { config, host }: Pm2Access,
  client: Pm2Client,
  request: StartRequest,
  signal: AbortSignal,
): Promise<void> {
  const environment = await explicitValues(host, await client.daemon(), config.databaseVariables, request.environment);
  const old = ownOf(await client.listAll(signal), config);
  if (old.length > 0) await forget(client, config, old, signal);
  const { workingDirectory } = request;
  await client.write(startArguments(config, request), signal, { workingDirectory, environment });
  const apps = await client.listAll(signal);
  const missing = config.names.filter((name) => !apps.some((app) => app.name === name));
  if (missing.length > 0) throw notDone(`${request.ecosystemFile} started no ${missing.join(', ')}`);
  await save(client, config, apps, signal);
}

/** Without this, `start` would restart the old definition with its old environment. */
async function forget(
  client: Pm2Client,
  config: ProcessConfig,
  old: readonly ListedApp[],
  signal: AbortSignal,
): Promise<void> {
  await client.write(['delete', ...idsOf(old)], signal);
  const left = ownOf(await client.listAll(signal), config);
  if (left.length > 0) throw notDone(`after "pm2 delete" still ${told(left)}`);
}

const startArguments = (config: ProcessConfig, request: Pick<StartRequest, 'ecosystemFile' | 'workingDirectory'>) => [
  'start',
  request.ecosystemFile,
  '--env',
  config.environmentName,
  '--only',
  config.names.join(','),
  '--cwd',
  request.workingDirectory,
];

/** `--force`, since pm2 does not save an empty list without it. Proven by what lies in the file afterwards. */
async function save(
  client: Pm2Client,
  config: ProcessConfig,
  apps: readonly ListedApp[],
  signal: AbortSignal,
): Promise<void> {
  const [objection] = againstSaving(apps, await readSaved(config.home), config.names);
  if (objection !== undefined) throw notSaved(objection.reason);
  await client.write(['save', '--force'], signal);
  const saved = (await readSaved(config.home)).filter(({ name }) => config.names.includes(name));
  const own = ownOf(apps, config);
  const isSaved = (name: string) =>
    count(saved, name, 'stopped') === count(own, name, 'stopped') && count(saved, name) === count(own, name);
  if (!config.names.every(isSaved)) throw notDone('"pm2 save" did not save the list as it is');
}

const count = (apps: readonly { name: string; status: string }[], name: string, status?: string) =>
  apps.filter((app) => app.name === name && (status === undefined || app.status === status)).length;

const ownOf = (apps: readonly ListedApp[], { names }: ProcessConfig) => apps.filter(({ name }) => names.includes(name));

const asManaged = ({ restartsBySchedule: _, ...process }: ListedApp): ManagedProcess => process;

const idsOf = (apps: readonly ListedApp[]) => apps.map(({ managerId }) => String(managerId));

const told = (apps: readonly ListedApp[]) =>
  apps.map(({ name, managerId, status }) => `${name} (${managerId}) ${status}`).join(', ');

const notDone = (what: string) =>
  new RollbackdError('process-manager', `pm2 did not do what it was told: ${what}.`, {
    remedy: 'look at "pm2 list" and at pm2.log in the PM2_HOME.',
  });

const notSaved = (reason: string) =>
  new RollbackdError('process-manager', `pm2's list was not saved: ${reason}`, {
    remedy: 'start that application again, or forget it yourself with "pm2 save"; then try again.',
  });

function describe(what: Parameters<ProcessAdapter['describe']>[0], config: ProcessConfig): string[] {
  const pm2 = `PM2_HOME=${config.home} ${config.node} ${config.program}`;
  const ids = `<ids of ${config.names.join(', ')}>`;
  const request = { ecosystemFile: config.ecosystemFile, workingDirectory: '<server folder>' };
  const commands = {
    stopAndSave: [`stop ${ids}`],
    release: [`start ${ids}`],
    replace: [`delete ${ids}`, startArguments(config, request).join(' ')],
  };
  return [...commands[what], 'save --force'].map((command) => `${pm2} ${command}`);
}
