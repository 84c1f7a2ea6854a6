import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import type { Sandbox } from '../../sandbox/sandbox.ts';
import { runProgram } from '../../sandbox/tools/run-program.ts';

const page = new URL('../../docs/merge.md', import.meta.url);
const within = 120_000;

/** Places that the page leaves to be filled in. */
export interface Places {
  readonly run: string;
  readonly evidence: string;
  readonly releases: string;
  readonly freezeFile: string;
}

/** Follows the page as a person would: fills in what it asks for, in its order, and runs its commands in a shell. */
export async function goTheWayBack(sandbox: Sandbox, places: Places): Promise<string> {
  const [asked = '', commands = ''] = await blocksOf(page);
  const values = valuesFor(sandbox, places, await passwordFile(sandbox));
  const names = [...asked.matchAll(/^([A-Z]+)=/gm)].map(([, name = '']) => name);
  const filledIn = names.map((name) => `${name}='${values[name] ?? missing(name)}'`);
  const { PATH = '', ...environment } = sandbox.pm2.control.environment;
  return runProgram('/bin/bash', ['-c', [...filledIn, commands].join('\n')], {
    cwd: sandbox.root,
    environment: { ...environment, PATH: `${await programs(sandbox)}:${PATH}` },
    timeoutMs: within,
  });
}

async function blocksOf(file: URL): Promise<string[]> {
  const text = await readFile(file, 'utf8');
  return [...text.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, block = '']) => block);
}

const missing = (name: string): never => {
  throw new Error(`the page asks for ${name}, which nobody has filled in`);
};

function valuesFor(sandbox: Sandbox, places: Places, admin: string): Readonly<Record<string, string>> {
  const { repository, balancer, pm2, mongo, appUrl } = sandbox;
  return {
    RUN: places.run,
    EVIDENCE: places.evidence,
    REPOSITORY: repository.root,
    SERVER: repository.serverFolder,
    ENVIRONMENT: repository.envFile,
    VARIABLE: 'MONGODB_URI',
    RELEASES: places.releases,
    MAINTENANCE: balancer.maintenanceFile,
    FREEZE: places.freezeFile,
    APPLICATION: pm2.appName,
    PM2_HOME: pm2.home,
    OWNER: userInfo().username,
    HEALTH: `${appUrl}/health`,
    UNIFIED: mongo.unifiedDatabase,
    MONGO: `--host=${mongo.host} --port=${mongo.port} --username=${new URL(mongo.adminUri).username} --authenticationDatabase=admin --config=${admin}`,
  };
}

async function passwordFile({ root, mongo }: Sandbox): Promise<string> {
  const file = join(root, 'admin.yaml');
  const password = decodeURIComponent(new URL(mongo.adminUri).password);
  await writeFile(file, `password: ${password}\n`, { mode: 0o600 });
  return file;
}

/** Under the names by which the page calls them. */
async function programs({ root, tools, pm2 }: Sandbox): Promise<string> {
  const folder = join(root, 'way-back-programs');
  await mkdir(folder, { recursive: true });
  const calls = {
    pm2: `'${pm2.node}' '${pm2.binary}'`,
    // Nobody but root may be somebody else; one who is not is the owner already.
    runuser: process.getuid?.() === 0 ? '/usr/sbin/runuser' : 'sh -c \'shift 2; exec "$@"\'',
    git: `'${tools.git.path}'`,
    mongodump: `'${tools.mongodump.path}'`,
    mongorestore: `'${tools.mongorestore.path}'`,
  };
  for (const [name, call] of Object.entries(calls)) {
    await writeFile(join(folder, name), `#!/bin/sh\nexec ${call} "$@"\n`);
    await chmod(join(folder, name), 0o755);
  }
  return folder;
}
