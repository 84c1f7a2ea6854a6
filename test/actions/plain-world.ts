import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { World } from '../../src/actions/world.ts';
import { backedUp, writeDump } from './stored.ts';
import { documentsOf, legacyCommit, online, type Target, type TargetState } from './target-state.ts';

/** Does what is said, by default or as the test has it, and remembers that it was done. */
async function act(target: Target, name: string, usual: Usually = {}, subject = ''): Promise<void> {
  target.done.push(subject === '' ? name : `${name} ${subject}`);
  const effect = target.effects[name];
  if (effect) await effect(subject);
  else if (typeof usual === 'function') await usual();
  else Object.assign(target.state, usual);
}

/** What is so afterwards. */
type Usually = Partial<TargetState> | (() => void | Promise<void>);

export function worldOf(target: Target): World {
  const { settings, clock, state } = target;
  return {
    settings,
    clock,
    ...machineOf(target),
    ...dataOf(target),
    ...codeOf(target),
    ask: async (question) => target.answer(question),
    scanBackup: async () => state.manifest,
  };
}

function machineOf(target: Target): Pick<World, 'process' | 'traffic' | 'host' | 'logs'> {
  const { state, settings } = target;
  return {
    process: {
      list: async () => [...state.processes],
      saved: async () => [...state.saved],
      refusals: async () => state.refusals,
      stopAndSave: () =>
        act(target, 'stopAndSave', () => {
          state.processes = state.processes.map((one) => ({ ...one, pid: 0, status: 'stopped' }));
          state.saved = state.saved.map((one) => ({ ...one, startsAtBoot: false }));
          state.port = { listening: false, listeners: [], established: 0 };
          state.clients = [];
        }),
      release: () => act(target, 'release'),
      replace: ({ workingDirectory }) =>
        act(target, 'replace', () => {
          state.processes = [online({ pid: 200, managerId: 1 })];
          state.saved = [{ name: 'cafe', startsAtBoot: true, workingDirectory }];
          state.environments[200] = {};
        }),
      environmentInForce: async ({ pid }, names) =>
        Object.fromEntries(names.map((name) => [name, state.environments[pid]?.[name]])),
      describe: (what) => [`pm2 ${what}`],
    },
    traffic: {
      showMaintenance: () => act(target, 'showMaintenance', { maintenance: true }),
      serve: () => act(target, 'serve', { maintenance: false }),
      state: async () => (state.maintenance ? 'maintenance' : 'serving'),
      describe: (what) => [`nginx ${what}`],
    },
    host: {
      portUse: async () => state.port,
      connectedTo: async () => state.clients,
      identity: async (pid) => (state.folders[pid] === undefined ? undefined : { pid, startTime: '1' }),
      workingDirectory: async (pid) => state.folders[pid],
      withEnvironment: async () => [],
      freeBytes: async () => state.free,
    },
    logs: {
      mark: async () => [],
      since: async (file) => (file === settings.logs.error ? state.errors : state.output),
    },
  };
}

function dataOf(target: Target): Pick<World, 'unified' | 'legacy' | 'tools' | 'indexes'> {
  const { state } = target;
  const unified = target.settings.mongo.unified.database;
  const collectionsOf = (database: string) => (database === unified ? state.unified : (state.legacy[database] ?? []));
  const reader: World['legacy'] = {
    ping: async () => ({ writable: true, connections: { current: 1, available: 10 } }),
    databaseNames: async () => Object.keys(state.legacy),
    databaseState: async (database) => collectionsOf(database),
    activity: async () => structuredClone(state.activity),
    clients: async () => ['exporter from 10.0.0.5'],
    find: async ({ database }) => documentsOf(database.replace('cafe_', '')),
    collectionNames: async (database) => collectionsOf(database).map((one) => one.collection),
    count: async ({ database, collection: name }) =>
      collectionsOf(database).find((one) => one.collection === name)?.documents ?? 0,
    dataSize: async (database) => collectionsOf(database).reduce((sum, { bytes }) => sum + bytes, 0),
    [Symbol.asyncDispose]: async () => {},
  };
  return {
    unified: reader,
    legacy: reader,
    tools: {
      async dump(database, into) {
        mkdirSync(into, { recursive: true });
        await act(target, 'dump', () => writeDump(into, database, collectionsOf(database)), database);
        return { documents: {} };
      },
      async restore({ database }) {
        const restored = () => {
          state.legacy = { ...state.legacy, [database]: backedUp()[database] ?? [] };
        };
        await act(target, 'restore', restored, database);
        return { restored: {}, failed: 0 };
      },
      describeDump: (database, into) => [`mongodump --db ${database} --out ${into}`],
      describeRestore: (root, database) => [`mongorestore --nsInclude ${database}.* ${root}`],
    },
    indexes: {
      create: async ({ database, collection: name }, index) =>
        act(
          target,
          'createIndex',
          () => {
            state.legacy[database] = collectionsOf(database).map((one) =>
              one.collection === name ? { ...one, indexes: [...one.indexes, index] } : one,
            );
          },
          `${database}.${name} ${index.name}`,
        ),
    },
  };
}

function codeOf(target: Target): Pick<World, 'code' | 'env' | 'dependencies'> {
  const { state, folder } = target;
  return {
    code: {
      legacyCommit: async () => legacyCommit,
      currentCommit: async () => state.commit,
      localChanges: async () => ({ tracked: [], inTheWay: [] }),
      async stage() {
        const staged = { folder: join(folder, 'releases/run-1'), commit: legacyCommit };
        await act(target, 'stage', { staged });
        return staged.folder;
      },
      staged: async () => state.staged,
      unstage: () => act(target, 'unstage', { staged: undefined }),
      async saveLocalChanges() {
        await act(target, 'saveLocalChanges');
        return undefined;
      },
      switchToLegacy: () => act(target, 'switchToLegacy', { commit: legacyCommit, notPutBack: [] }),
      notPutBack: async () => [...state.notPutBack],
      differences: async (except) => state.differences.filter((file) => !except.some((one) => file.startsWith(one))),
      describe: (what) => [`git ${what}`],
    },
    env: {
      addresses: async (side) => [
        {
          variable: 'MONGODB_URI',
          hosts: ['127.0.0.1:27017'],
          database: side === 'legacy' || state.isLegacyEnvironment ? state.legacyDatabase : 'cafe_v2',
        },
      ],
      values: async (side) => ({ MONGODB_URI: side === 'legacy' ? 'mongodb://h/cafe' : 'mongodb://h/cafe_v2' }),
      switchToLegacy: () => act(target, 'switchEnvironment', { isLegacyEnvironment: true }),
      isLegacy: async () => state.isLegacyEnvironment,
    },
    dependencies: {
      install: () => act(target, 'install', { missingPackages: [] }),
      installed: async () => ({ installed: { express: '4.0.0' }, missing: state.missingPackages }),
      moveIn: () => act(target, 'moveIn', { missingPackages: [] }),
      describe: (where) => [`npm ci in ${where}`],
      refusals: async () => [],
    },
  };
}
