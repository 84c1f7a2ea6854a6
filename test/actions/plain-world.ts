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
    findBackup: async () => {},
    scanBackup: async () => state.manifest,
    whyNotUnique: async () => undefined,
  };
}

function stopped(state: TargetState): void {
  state.processes = state.processes.map((one) => ({ ...one, pid: 0, status: 'stopped' }));
  state.port = { listening: false, listeners: [], hidden: [], established: 0 };
  state.clients = [];
}

function machineOf(target: Target): Pick<World, 'process' | 'traffic' | 'host' | 'logs'> {
  const { state, settings } = target;
  return {
    process: {
      list: async () => [...state.processes],
      saved: async () => [...state.saved],
      refusals: async () => state.refusals,
      stop: () => act(target, 'stop', () => stopped(state)),
      stopAndSave: () =>
        act(target, 'stopAndSave', () => {
          stopped(state);
          state.saved = state.saved.map((one) => ({ ...one, startsAtBoot: false }));
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
      environmentObstacles: async () => state.environmentObstacles,
      ecosystemObstacles: async ({ text }) => (text === state.ecosystemText ? state.ecosystemObstacles : []),
      describe: (what) => [`pm2 ${what}`],
    },
    traffic: {
      showMaintenance: () => act(target, 'showMaintenance', { maintenance: true }),
      serve: () => act(target, 'serve', { maintenance: false }),
      state: async () => ({ shows: state.maintenance ? 'maintenance' : 'application' }),
      tryMaintenance: async (whileTried) => {
        state.trial = true;
        return whileTried().finally(() => {
          state.trial = false;
        });
      },
      describe: (what) => [`nginx ${what}`],
    },
    host: {
      portUse: async () => state.port,
      establishedTo: async () => state.port.established,
      connectedTo: async ({ port }) => ({
        processes: state.clients,
        unseen: state.unseen[port] ?? [],
        ...(state.bySocketFile && { bySocketFile: state.bySocketFile }),
      }),
      keeper: async () => '',
      identity: async (pid) => (state.folders[pid] === undefined ? undefined : { pid, startTime: '1' }),
      workingDirectory: async (pid) => state.folders[pid],
      programName: async () => undefined,
      user: async () => 1_000,
      ancestors: async (pid) => state.ancestors[pid] ?? [1],
      withEnvironment: async () => [],
      space: async (folder) => ({ fileSystem: state.disks[folder] ?? 'one', free: state.free, total: 500 * 2 ** 30 }),
    },
    logs: {
      mark: async () => [],
      since: async (file) => (file === settings.logs.error ? state.errors : state.output),
    },
  };
}

function dataOf(target: Target): Pick<World, 'unified' | 'legacy' | 'tools' | 'indexes' | 'rights'> {
  const { state } = target;
  const unified = target.settings.mongo.unified.database;
  const collectionsOf = (database: string) => (database === unified ? state.unified : (state.legacy[database] ?? []));
  const reader: World['legacy'] = {
    ping: async () => ({ writable: true, connections: { current: 1, available: 10 } }),
    databaseNames: async () => [...Object.keys(state.legacy), ...(state.unified.length > 0 ? [unified] : [])],
    identity: async () => ({ process: 'one mongod', replicaSet: undefined, router: false }),
    databaseState: async (database) => collectionsOf(database),
    indexes: async (database) => collectionsOf(database),
    documentCounts: async (database) =>
      Object.fromEntries(collectionsOf(database).map(({ collection, documents }) => [collection, documents])),
    timeSeries: async (database) => state.timeSeries[database] ?? [],
    activity: async () => structuredClone(state.activity),
    clients: async () => ['exporter from 10.0.0.5'],
    find: async ({ database, collection }, filter) =>
      filterIsForMark(filter)
        ? (state.strays[`${database}.${collection}`] ?? []).filter((one) => carries(one, filter))
        : documentsOf(database.replace('cafe_', '')),
    collectionNames: async (database) => collectionsOf(database).map((one) => one.collection),
    count: async ({ database, collection: name }) =>
      collectionsOf(database).find((one) => one.collection === name)?.documents ?? 0,
    diskSpace: async () => state.mongodDisk,
    dataSize: async (database) => collectionsOf(database).reduce((sum, { bytes }) => sum + bytes, 0),
    [Symbol.asyncDispose]: async () => {},
  };
  return {
    unified: reader,
    legacy: reader,
    tools: {
      obstacles: async () => state.toolObstacles,
      async dump({ database }, into) {
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
      describeDump: ({ database }, into) => [`mongodump --db ${database} --out ${into}`],
      describeRestore: (root, database) => [`mongorestore --nsInclude ${database}.* ${root}`],
    },
    rights: { missing: async () => state.missingRights, excessive: async () => state.excessiveRights },
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

const markIn = (filter: object): string | undefined => /rbk[0-9a-z]+/.exec(JSON.stringify(filter))?.[0];
const filterIsForMark = (filter: object): boolean => markIn(filter) !== undefined;

/** Under `$expr` anything that mentions the mark, else the very field. */
function carries(document: Record<string, unknown>, filter: Record<string, unknown>): boolean {
  if ('$expr' in filter)
    return JSON.stringify(document)
      .toLowerCase()
      .includes(markIn(filter) ?? '');
  return Object.entries(filter).every(([field, value]) => document[field] === value);
}

function codeOf(target: Target): Pick<World, 'code' | 'env' | 'dependencies'> {
  const { state, folder } = target;
  return {
    code: {
      legacyCommit: async () => legacyCommit,
      currentCommit: async () => state.commit,
      refusals: async () => state.codeRefusals,
      afterSwitch: async (path) =>
        state.legacyFiles.includes(path) ? { is: 'legacy', text: state.ecosystemText } : { is: 'gone' },
      async stage() {
        const staged = { folder: join(folder, 'releases/run-1'), commit: legacyCommit };
        await act(target, 'stage', { staged });
        return staged.folder;
      },
      staged: async () => state.staged,
      stagedRuns: async () => state.stagedRuns,
      unstage: () => act(target, 'unstage', { staged: undefined }),
      saveLocalChanges: () =>
        act(target, 'saveLocalChanges', { savedChanges: { ref: 'refs/rollbackd/run-1', files: 1 } }),
      saved: async () => state.savedChanges,
      switchToLegacy: () => act(target, 'switchToLegacy', { commit: legacyCommit, notPutBack: [] }),
      notPutBack: async () => [...state.notPutBack],
      differences: async (_run, except) =>
        state.differences.filter((file) => !except.some((one) => file.startsWith(one))),
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
      replacementObstacles: async () => state.envObstacles,
      switchToLegacy: () => act(target, 'switchEnvironment', { isLegacyEnvironment: true }),
      isLegacy: async () => state.isLegacyEnvironment,
    },
    dependencies: {
      install: (where) =>
        act(target, 'install', () => {
          state.missingPackages = [];
          state.installedIn[where] = where;
        }),
      installedIn: async (where) => state.installedIn[where],
      refusals: async () => state.moveRefusals,
      installed: async () => ({ installed: { express: '4.0.0' }, missing: state.missingPackages }),
      moveIn: (from, to) =>
        act(target, 'moveIn', () => {
          state.missingPackages = [];
          state.installedIn = { [to]: state.installedIn[from] };
        }),
      describe: (where) => [`npm ci in ${where}`],
      hostObstacles: async () => state.hostObstacles,
    },
  };
}
