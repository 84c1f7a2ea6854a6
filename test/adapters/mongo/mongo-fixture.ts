import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Document, MongoClient } from 'mongodb';
import { startMongod } from '../../../sandbox/servers/mongod.ts';
import { type Credentials, createUsers, type SandboxUsers } from '../../../sandbox/servers/users.ts';
import { findTools } from '../../../sandbox/tools/find-tools.ts';
import { createWorkspace } from '../../../sandbox/workspace/workspace.ts';
import type { ConnectionOptions } from '../../../src/adapters/mongo/connection.ts';
import { type MongoConfig, type MongoLogin, mongoSchema } from '../../../src/adapters/mongo/schema.ts';
import { Secret } from '../../../src/core/secret.ts';
import { createReadOnlyCommand } from '../../../src/exec/run-command.ts';

export const UNIFIED = 'superkafe_v2';
export const LEGACY = ['superkafe_a', 'superkafe_b', 'superkafe_main'] as const;

export const never = new AbortController().signal;
export const run = createReadOnlyCommand();

export interface MongoFixture extends AsyncDisposable {
  readonly folder: string;
  readonly server: Awaited<ReturnType<typeof startMongod>>;
  /** root, to prepare and to look behind. */
  readonly admin: MongoClient;
  readonly users: SandboxUsers;
  readonly config: MongoConfig;
  connection(who: Credentials, changed?: Partial<ConnectionOptions>): ConnectionOptions;
  /** An executable that behaves as the shell script says. */
  program(name: string, script: string): Promise<string>;
}

/** A real mongod with authentication and the least-rights users, and the configuration that belongs to it. */
export async function startMongo({
  replicaSet = false,
  ...more
}: {
  replicaSet?: boolean;
  expiresEverySeconds?: number;
} = {}): Promise<MongoFixture> {
  const tools = await findTools();
  const workspace = await createWorkspace();
  const server = await startMongod({ workspace, tool: tools.mongod, replicaSet, ...more });
  const admin = new MongoClient(server.adminUri);
  const users = await createUsers(admin, { unified: UNIFIED, legacy: LEGACY });
  const address = { host: server.host, port: server.port, ...(replicaSet && { replicaSet: 'sandbox' }) };
  const config = mongoSchema.parse({
    unified: { ...address, database: UNIFIED },
    legacy: address,
    users: { observer: users.observer, dumper: users.dumper, restorer: users.restorer },
    legacyDatabases: [
      { name: 'superkafe_a', tenant: 'a', policy: 'restore' },
      { name: 'superkafe_b', tenant: 'b', policy: 'leave' },
      { name: 'superkafe_main', policy: 'merge', collections: ['users'] },
    ],
    tools: { mongodump: tools.mongodump.path, mongorestore: tools.mongorestore.path },
    toolTimeout: '60s',
    operationTimeout: '2s',
  });
  return {
    folder: workspace.root,
    server,
    admin,
    users,
    config,
    connection: (who, changed = {}) => ({
      server: config.legacy,
      login: loginOf(who),
      appName: 'rollbackd-test',
      timeoutMs: config.operationTimeout,
      ...changed,
    }),
    async program(name, script) {
      const path = join(workspace.root, 'programs', name);
      await mkdir(join(workspace.root, 'programs'), { recursive: true });
      await writeFile(path, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
      return path;
    },
    async [Symbol.asyncDispose]() {
      await admin.close();
      await workspace[Symbol.asyncDispose]();
    },
  };
}

export const loginOf = ({ user, password }: Credentials): MongoLogin => ({
  user,
  password: new Secret(password),
  authSource: 'admin',
});

/** Puts documents, and nothing else, into a collection. */
export async function fill(client: MongoClient, namespace: string, documents: readonly Document[]): Promise<void> {
  const [database = '', ...collection] = namespace.split('.');
  await client
    .db(database)
    .collection(collection.join('.'))
    .insertMany(documents.map((each) => ({ ...each })));
}

export async function dropAll(client: MongoClient): Promise<void> {
  for (const name of [UNIFIED, ...LEGACY, 'rollbackd']) await client.db(name).dropDatabase();
}
