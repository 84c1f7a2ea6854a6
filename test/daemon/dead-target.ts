import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseDocument, stringify } from 'yaml';
import { loadConfig } from '../../src/config/load.ts';

/** Every secret that a configuration can hold; none of them looks like one, so that only care keeps it secret. */
export const secrets = {
  observer: 'plain-otter-1',
  dumper: 'plain-heron-2',
  restorer: 'plain-badger-3',
  login: 'plain-marten-4',
  authorization: 'Bearer plain-falcon-5',
  inherited: 'plain-weasel-6',
};

/** Path in the configuration -> another value; undefined takes it away. */
export type Changes = Readonly<Record<string, unknown>>;

export interface DeadTarget extends Disposable {
  readonly folder: string;
  readonly configFile: string;
  readonly stateFolder: string;
  readonly journal: string;
  readonly recorder: string;
  readonly socket: string;
  readonly http: string;
  /** Writes the configuration anew, the original with these changes. */
  configure(changes: Changes, file?: string): void;
  /** What an arming of this configuration would be bound to. */
  configHash(): string;
}

/** A valid configuration of an application of which nothing answers: what the daemon does, it does on its own. */
export async function deadTarget(changes: Changes = {}): Promise<DeadTarget> {
  const folder = mkdtempSync(join(tmpdir(), 'rollbackd-daemon-'));
  const port = await freePort();
  const original = stringify(contentFor(folder, port));
  const configFile = join(folder, 'rollbackd.yaml');
  const stateFolder = join(folder, 'state');
  const configure = (wanted: Changes, file = configFile) => {
    const document = parseDocument(original);
    for (const [path, value] of Object.entries(wanted)) {
      const keys = path.split('.');
      if (value === undefined) document.deleteIn(keys);
      else document.setIn(keys, document.createNode(value));
    }
    writeFileSync(file, String(document), { mode: 0o600 });
  };
  configure(changes);
  return {
    folder,
    configFile,
    stateFolder,
    journal: join(stateFolder, 'journal.db'),
    recorder: join(stateFolder, 'observations.db'),
    socket: join(folder, 'daemon.sock'),
    http: `http://127.0.0.1:${port}`,
    configure,
    configHash: () => {
      const loaded = loadConfig(configFile, {});
      if (loaded.status === 'valid') return loaded.hash;
      throw new Error(JSON.stringify(loaded.faults));
    },
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new TypeError('a server without a port');
  return address.port;
}

/** Nothing ever listens on these. */
const deadPorts = { application: 1, balancer: 2, mongo: 3, webhook: 4, prometheus: 5 };

function contentFor(folder: string, httpPort: number): object {
  return {
    target: {
      name: 'dead-cafe',
      applicationUrl: `http://127.0.0.1:${deadPorts.application}`,
      publicUrl: `http://127.0.0.1:${deadPorts.balancer}`,
      tenants: [{ slug: 'north', login: { email: 'admin@north.example', password: secrets.login } }, { slug: 'south' }],
    },
    migration: { cutoverAt: '2026-01-01T00:00:00Z' },
    mode: 'approve',
    containment: 'automatic',
    mongo: mongoContent(),
    ...applicationContent(folder),
    probes: probesContent(),
    baseline: { latency: { fromAccessLog: false } },
    guard: {
      maxWritesLost: { inserts: 'unlimited', updates: 'unlimited', deletes: 'unlimited' },
      until: '2099-01-01T00:00:00Z',
      drill: 'off',
      readiness: 'off',
    },
    rollback: {
      evidenceFolder: join(folder, 'evidence'),
      freezeFile: join(folder, 'DEPLOY_FREEZE'),
      responseTimePath: '/',
    },
    watch: { duration: '2h' },
    notify: {
      webhook: {
        url: `http://127.0.0.1:${deadPorts.webhook}/`,
        authorization: secrets.authorization,
        timeout: '500ms',
      },
    },
    people: [{ name: 'ana', roles: ['senior-engineer'], uid: process.getuid?.() ?? 0 }],
    doors: {
      socket: { path: join(folder, 'daemon.sock'), nonceFolder: join(folder, 'nonces') },
      http: { port: httpPort },
    },
    state: { folder: join(folder, 'state'), lockFolder: join(folder, 'lock') },
    log: { level: 'debug' },
  };
}

function mongoContent(): object {
  const server = { host: '127.0.0.1', port: deadPorts.mongo };
  return {
    unified: { ...server, database: 'cafe_v2' },
    legacy: server,
    users: {
      observer: { user: 'observer', password: secrets.observer },
      dumper: { user: 'dumper', password: secrets.dumper },
      restorer: { user: 'restorer', password: secrets.restorer },
    },
    legacyDatabases: [
      { name: 'cafe_north', tenant: 'north', policy: 'restore' },
      { name: 'cafe_south', tenant: 'south', policy: 'restore' },
    ],
    tools: { mongodump: '/no/mongodump', mongorestore: '/no/mongorestore' },
    operationTimeout: '500ms',
  };
}

/** Programs that do not exist: whoever calls one is found out. */
function applicationContent(folder: string): object {
  return {
    backup: { path: join(folder, 'backup') },
    process: {
      adapter: 'pm2',
      program: '/no/pm2',
      node: '/no/node',
      home: join(folder, 'pm2'),
      names: ['cafe'],
      ecosystemFile: join(folder, 'ecosystem.config.js'),
      environment: {},
      databaseVariables: ['MONGODB_URI'],
    },
    traffic: {
      adapter: 'nginx',
      maintenanceFile: join(folder, 'maintenance'),
      accessLog: { file: join(folder, 'access.log') },
    },
    code: {
      adapter: 'git',
      program: '/no/git',
      repository: join(folder, 'repository'),
      legacyRef: 'pre-migration',
      releases: join(folder, 'releases'),
    },
    env: {
      adapter: 'dotenv',
      file: join(folder, 'repository/.env'),
      legacyFile: join(folder, 'repository/.env.legacy'),
      uriVariables: ['MONGODB_URI'],
    },
    dependencies: { adapter: 'npm', program: '/no/npm' },
    logs: { output: join(folder, 'out.log'), error: join(folder, 'error.log') },
  };
}

function probesContent(): object {
  const routes = [{ name: 'menu', list: '/api/menu', collection: 'menuitems', trusted: true }];
  const journeys = [{ name: 'look', every: '200ms', steps: [{ name: 'menu', path: '/api/menu' }] }];
  const often = { healthEvery: '200ms', isolationEvery: '200ms', mongoEvery: '200ms', tenantsEvery: '200ms' };
  const requests = { requestsEvery: '200ms', syntheticEvery: '200ms' };
  return {
    timeout: '300ms',
    controlEvery: '200ms',
    ...often,
    ...requests,
    prometheus: prometheusContent(),
    unified: { health: { path: '/health' }, routes, journeys },
    legacy: { health: { path: '/health' }, routes },
  };
}

const prometheusContent = (): object => ({
  url: `http://127.0.0.1:${deadPorts.prometheus}`,
  every: '200ms',
  queries: [{ name: 'failed', measure: 'error-rate', query: 'failed_share' }],
});
