import { copyFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Sandbox } from '../../../sandbox/sandbox.ts';
import { runProgram } from '../../../sandbox/tools/run-program.ts';
import { request } from './client.ts';
import { eventually } from './eventually.ts';

type Run = (command: string, ...args: readonly string[]) => Promise<string>;

const runIn =
  ({ pm2 }: Sandbox, cwd: string): Run =>
  (command, ...args) =>
    runProgram(command, args, { cwd, environment: { ...pm2.control.environment }, timeoutMs: 60_000 });

export async function contain(sandbox: Sandbox): Promise<void> {
  const { pm2 } = sandbox;
  await runIn(sandbox, pm2.home)(pm2.node, pm2.binary, 'stop', pm2.appName);
  await writeFile(sandbox.balancer.maintenanceFile, '');
}

/** The runbook, done right by a person: what the oracle must agree with. */
export async function rollBackByHand(sandbox: Sandbox, { endPm2 = true } = {}): Promise<void> {
  const { repository, pm2 } = sandbox;
  await restore(sandbox);
  const inRepository = runIn(sandbox, repository.root);
  await inRepository(sandbox.tools.git.path, 'checkout', '--quiet', '--force', repository.legacyRef);
  await copyFile(repository.legacyEnvFile, repository.envFile);
  const inServer = runIn(sandbox, repository.serverFolder);
  await inServer('npm', 'ci', '--omit=dev');
  await inServer(pm2.node, pm2.binary, 'delete', pm2.appName);
  // In cluster mode pm2's daemon still holds the unified address, and hands it on.
  if (endPm2 && pm2.execMode === 'cluster') await pm2.control.stop();
  await startLegacy(sandbox);
  await rm(sandbox.balancer.maintenanceFile);
  await eventually(
    () => request(sandbox.publicUrl, undefined, '/api/tenants'),
    ({ status }) => status !== 503 && status !== 502,
  );
}

export async function startLegacy(sandbox: Sandbox): Promise<void> {
  const { pm2, repository } = sandbox;
  await runIn(sandbox, repository.serverFolder)(pm2.node, pm2.binary, 'start', pm2.ecosystemFile);
  await eventually(
    () => request(sandbox.appUrl, undefined, '/api/tenants'),
    ({ status }) => status !== 0,
  );
}

async function restore(sandbox: Sandbox): Promise<void> {
  const { mongo, backup, tools, root } = sandbox;
  const dump = backup.layout === 'flat' ? backup.path : join(backup.path, backup.layout);
  const { user, password } = mongo.users.restorer;
  const secret = join(root, 'restore.yml');
  await writeFile(secret, `password: ${password}\n`, { mode: 0o600 });
  const login = [
    '--host',
    mongo.host,
    '--port',
    String(mongo.port),
    '-u',
    user,
    '--authenticationDatabase',
    'admin',
    '--config',
    secret,
  ];
  const wanted = mongo.legacyDatabases
    .filter(({ state }) => state !== 'equal')
    .flatMap(({ name }) => ['--nsInclude', `${name}.*`]);
  await runIn(sandbox, root)(tools.mongorestore.path, '--quiet', ...login, ...wanted, '--drop', dump);
}
