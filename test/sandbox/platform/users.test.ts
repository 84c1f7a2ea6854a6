import { execFile } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { MongoClient } from 'mongodb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Mongod, startMongod } from '../../../sandbox/servers/mongod.ts';
import { type Credentials, createUsers, type SandboxUsers } from '../../../sandbox/servers/users.ts';
import { findTools } from '../../../sandbox/tools/find-tools.ts';
import type { Tools } from '../../../sandbox/tools/tool.ts';
import { createWorkspace, type Workspace } from '../../../sandbox/workspace/workspace.ts';

const UNIFIED = 'cafe_v2';
const LEGACY = ['cafe_main', 'cafe_north', 'cafe_south'];
const REFUSED = /not authorized/;
const run = promisify(execFile);

let workspace: Workspace;
let tools: Tools;
let mongod: Mongod;
let users: SandboxUsers;

beforeAll(async () => {
  workspace = await createWorkspace();
  tools = await findTools();
  mongod = await startMongod({ workspace, tool: tools.mongod, replicaSet: false });
  await using admin = await new MongoClient(mongod.adminUri).connect();
  users = await createUsers(admin, { unified: UNIFIED, legacy: LEGACY });
  for (const name of [UNIFIED, ...LEGACY]) await admin.db(name).collection('menu').insertOne({ name });
}, 300_000);

afterAll(() => workspace[Symbol.asyncDispose]());

test('every user has a password of its own', () => {
  const passwords = Object.values(users).map(({ password }: Credentials) => password);
  expect(new Set(passwords).size).toBe(5);
});

test('the observer reads every database, the server and the running operations, and writes only its own lease', async () => {
  for (const name of [UNIFIED, ...LEGACY]) expect(await count(users.observer, name)).toBe(1);
  for (const command of [{ serverStatus: 1 }, { top: 1 }, { listDatabases: 1 }]) {
    expect(await admin(users.observer, command)).toMatchObject({ ok: 1 });
  }
  expect(await running(users.observer)).toBeGreaterThan(0);
  expect(await insert(users.observer, 'rollbackd')).toBe(true);
  for (const name of [UNIFIED, ...LEGACY]) await expect(insert(users.observer, name)).rejects.toThrow(REFUSED);
});

test('the dumper reads every database and writes none', async () => {
  for (const name of [UNIFIED, ...LEGACY]) {
    expect(await count(users.dumper, name)).toBe(1);
    await expect(insert(users.dumper, name)).rejects.toThrow(REFUSED);
  }
});

test('the restorer writes each legacy database, and the unified one refuses it', async () => {
  for (const name of LEGACY) expect(await insert(users.restorer, name, 'restored')).toBe(true);
  await expect(insert(users.restorer, UNIFIED)).rejects.toThrow(REFUSED);
  await expect(insert(users.restorer, 'cafe_other')).rejects.toThrow(REFUSED);
});

test('each version of the application reaches its own databases only', async () => {
  expect(await insert(users.appUnified, UNIFIED, 'orders')).toBe(true);
  await expect(count(users.appUnified, 'cafe_north')).rejects.toThrow(REFUSED);
  for (const name of LEGACY) expect(await insert(users.appLegacy, name, 'orders')).toBe(true);
  await expect(count(users.appLegacy, UNIFIED)).rejects.toThrow(REFUSED);
});

test('these rights suffice for the real mongodump and mongorestore with --drop', { timeout: 30_000 }, async () => {
  const dump = mkdtempSync(join(workspace.root, 'dump-'));
  for (const name of [UNIFIED, 'cafe_north']) await tool('mongodump', users.dumper, ['--db', name, '--out', dump]);
  const { stderr } = await tool('mongorestore', users.restorer, ['--drop', '--nsInclude', 'cafe_north.*', dump]);
  expect(stderr).toMatch(/finished restoring `?cafe_north\.menu`? \(1 document, 0 failures\)/);
  const refused = tool('mongorestore', users.restorer, ['--drop', '--nsInclude', `${UNIFIED}.*`, dump]);
  await expect(refused).rejects.toThrow(REFUSED);
  expect(await count(users.observer, UNIFIED)).toBe(1);
});

async function as<Result>(who: Credentials, work: (client: MongoClient) => Promise<Result>): Promise<Result> {
  await using client = await new MongoClient(mongod.uri(who)).connect();
  return await work(client);
}

async function count(who: Credentials, database: string): Promise<number> {
  return as(who, (client) => client.db(database).collection('menu').countDocuments());
}

async function insert(who: Credentials, database: string, collection = 'menu'): Promise<boolean> {
  return as(who, async (client) => (await client.db(database).collection(collection).insertOne({})).acknowledged);
}

async function admin(who: Credentials, command: Record<string, unknown>) {
  return as(who, (client) => client.db('admin').command(command));
}

async function running(who: Credentials): Promise<number> {
  const everybodys = [{ $currentOp: { allUsers: true, idleConnections: true } }];
  return as(who, async (client) => (await client.db('admin').aggregate(everybodys).toArray()).length);
}

async function tool(name: 'mongodump' | 'mongorestore', { user, password }: Credentials, args: readonly string[]) {
  const passwordFile = join(workspace.root, `${user}.yml`);
  writeFileSync(passwordFile, `password: ${password}\n`, { mode: 0o600 });
  const login = ['-u', user, '--authenticationDatabase', 'admin', '--config', passwordFile];
  return run(tools[name].path, ['--host', mongod.host, '--port', String(mongod.port), ...login, ...args]);
}
