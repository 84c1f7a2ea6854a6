import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { MongoClient } from 'mongodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compareDigests, digestDatabase } from '../../../sandbox/oracle/capture.ts';
import { type Sandbox, startSandbox } from '../../../sandbox/sandbox.ts';
import { runProgram } from '../../../sandbox/tools/run-program.ts';

const options = { temperament: 'tidy', mongo: 'standalone', documents: 2_000, requestsPerSecond: 1 } as const;

describe('a café that was copied', () => {
  let built: Sandbox;
  let copy: Sandbox;
  let other: Sandbox;
  const said: string[] = [];

  beforeAll(async () => {
    const say = (line: string) => void said.push(line);
    [built, copy, other] = [
      await startSandbox({ ...options, fresh: true }),
      await startSandbox({ ...options, say }),
      await startSandbox({ ...options, say }),
    ];
  }, 180_000);

  afterAll(async () => {
    for (const one of [other, copy, built]) await one?.[Symbol.asyncDispose]();
  }, 60_000);

  it('is one, where cafés are kept, and is not where one is wanted fresh', () => {
    expect(said.filter((line) => line.endsWith('has been copied'))).toHaveLength(2);
  });

  it('is to the oracle what a built one is: untouched, with each document of the seed', async () => {
    const ofBuilt = await built.oracle.judgeUntouched({ sameProcesses: true });
    expect(ofBuilt).toMatchObject({ agrees: true, findings: [] });
    expect(await copy.oracle.judgeUntouched({ sameProcesses: true })).toEqual(ofBuilt);
  }, 60_000);

  it('holds in each database what a built one holds', async () => {
    expect(await differences(built, copy)).toEqual([]);
  });

  it('has the same users with the same rights', async () => {
    expect(await rightsIn(copy)).toEqual(await rightsIn(built));
  });

  it('has the same code, in the same state', async () => {
    expect(await codeOf(copy)).toEqual(await codeOf(built));
  });

  it('has the same backup, and the same kind of past in its access log', async () => {
    expect(readdirSync(copy.backup.path, { recursive: true }).sort()).toEqual(
      readdirSync(built.backup.path, { recursive: true }).sort(),
    );
    expect(copy.writesSinceCutover).toBe(built.writesSinceCutover);
  });

  it('shares no file with another copy', () => {
    const own = new Set(filesOf(copy.root));
    expect(own.size).toBeGreaterThan(1_000);
    expect(filesOf(other.root).filter((file) => own.has(file))).toEqual([]);
  });

  it('shares no port and no password with another copy', async () => {
    const ports = [copy, other].flatMap(({ appPort, mongo, balancer }) => [appPort, mongo.port, balancer.port]);
    expect(new Set(ports).size).toBe(6);
    const users = ['observer', 'dumper', 'restorer', 'appUnified', 'appLegacy'] as const;
    for (const user of users) {
      const uri = (where: Sandbox) => other.mongo.server.uri(where.mongo.users[user]);
      await expect(ping(uri(copy)), user).rejects.toThrow(/Authentication failed/);
      expect(await ping(uri(other)), user).toBe(1);
    }
    const { server } = other.mongo;
    await expect(ping(server.uri(copy.mongo.server.root)), 'root').rejects.toThrow(/Authentication failed/);
  });

  it('what happens to one happens neither to the other nor to what they were copied from', async () => {
    const kept = statesOf(keptIn(copy));
    await withClient(copy, (client) => client.db('superkafe_negoes').dropDatabase());
    expect((await copy.oracle.judgeUntouched()).agrees).toBe(false);
    expect(await other.oracle.judgeUntouched()).toMatchObject({ agrees: true, findings: [] });
    expect(kept.length).toBeGreaterThan(1_000);
    expect(statesOf(keptIn(copy))).toEqual(kept);
  }, 60_000);
});

function withClient<Result>({ mongo }: Sandbox, work: (client: MongoClient) => Promise<Result>): Promise<Result> {
  return connected(mongo.adminUri, work);
}

async function connected<Result>(uri: string, work: (client: MongoClient) => Promise<Result>): Promise<Result> {
  await using client = await new MongoClient(uri, { serverSelectionTimeoutMS: 5_000 }).connect();
  return await work(client);
}

const ping = (uri: string) => connected(uri, async (client) => (await client.db('admin').command({ ping: 1 })).ok);

/** One sentence each. What the migration and the trial made has other _ids each time, so that there only counts and indexes are compared. */
async function differences(one: Sandbox, other: Sandbox): Promise<readonly string[]> {
  const names = [one.mongo.unifiedDatabase, ...one.mongo.legacyDatabases.map(({ name }) => name)];
  const found: string[] = [];
  for (const name of names) {
    const [before, after] = [await digestOf(one, name), await digestOf(other, name)];
    found.push(...compareDigests(name, before, after));
  }
  return found;
}

const made = (sandbox: Sandbox, name: string): boolean =>
  name === sandbox.mongo.unifiedDatabase ||
  sandbox.mongo.legacyDatabases.some((each) => each.name === name && each.state === 'different');

async function digestOf(sandbox: Sandbox, name: string) {
  const digests = await withClient(sandbox, (client) => digestDatabase(client, name));
  if (!made(sandbox, name)) return digests;
  return new Map([...digests].map(([collection, digest]) => [collection, { ...digest, digest: '' }]));
}

async function rightsIn(sandbox: Sandbox) {
  return withClient(sandbox, async (client) => {
    const { users } = await client.db('admin').command({ usersInfo: 1 });
    const rights = (users as { user: string; roles: unknown[] }[]).map(({ user, roles }) => ({
      user,
      roles: roles.map((role) => JSON.stringify(role)).sort(),
    }));
    return rights.sort((a, b) => a.user.localeCompare(b.user));
  });
}

/** The commits themselves tell when they were made. */
async function codeOf({ repository, tools }: Sandbox) {
  const git = (...args: readonly string[]) =>
    runProgram(tools.git.path, ['-C', repository.root, ...args], { timeoutMs: 20_000 });
  return {
    trees: await git('log', '--all', '--format=%T %s %D'),
    status: await git('status', '--porcelain', '--ignored'),
  };
}

/** Where this kind of café is kept. */
function keptIn({ seed }: Sandbox): string {
  const { temperament, documents } = seed.parameters;
  const cafes = process.env.ROLLBACKD_CAFES ?? '';
  const kind = readdirSync(cafes).find((name) => name.includes(temperament) && name.includes(`_${documents}-`));
  return join(cafes, kind ?? '', 'cafe');
}

function statesOf(folder: string): readonly string[] {
  const names = readdirSync(folder, { recursive: true }).map(String).sort();
  return names.map((name) => {
    const { size, mtimeMs, ino } = lstatSync(join(folder, name));
    return [name, size, mtimeMs, ino].join(' ');
  });
}

/** Each by its place on the disk. */
function filesOf(root: string): readonly string[] {
  const entries = readdirSync(root, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => lstatSync(join(entry.parentPath, entry.name)))
    .map(({ dev, ino }) => `${dev}:${ino}`);
}
