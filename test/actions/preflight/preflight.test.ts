import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { obstaclesOfRun, preflight } from '../../../src/actions/preflight/preflight.ts';
import { RollbackdError } from '../../../src/core/errors.ts';
import { finished } from '../perform.ts';
import type { SettingsChange } from '../settings.ts';
import { openTarget } from '../target.ts';
import { answered, type Target } from '../target-state.ts';

const never = new AbortController().signal;
const obstacles = (target: Target) => finished(target.clock, preflight(target.world, never));
const ofRun = (target: Target) => finished(target.clock, obstaclesOfRun(target.world, never));

it('finds nothing where all is well, and leaves nothing behind', async () => {
  using target = openTarget();
  expect(await obstacles(target)).toEqual([]);
  expect(target.state).toMatchObject({ trial: false, maintenance: false });
  expect(target.done).toEqual([]);
});

interface Case {
  readonly when: string;
  readonly settings?: SettingsChange;
  readonly spoil?: (target: Target) => void;
  readonly what: RegExp;
  readonly mend: RegExp;
}

const tool = { what: 'mongo.tools.mongodump /no/mongodump cannot be run', mend: 'install the tools' };

/** `negoes` has a database of its own, `kopi` none. */
const shared = (tenantField: string) => ({
  mongo: {
    legacyDatabases: [
      { name: 'cafe_negoes', tenant: 'negoes', policy: 'restore' as const },
      { name: 'cafe_main', policy: 'restore' as const, tenantField },
    ],
  },
});

/** Whatever stops a run after the stop. */
const ofTheRun: readonly Case[] = [
  {
    when: 'pm2 would start the application again by a schedule',
    spoil: ({ state }) =>
      void Object.assign(state, { refusals: [{ against: 'staying', reason: 'cafe has a cron_restart', mend: 'out' }] }),
    what: /cron_restart/,
    mend: /^out$/,
  },
  {
    when: 'pm2 does not answer',
    spoil: ({ world }) => {
      const failure = new RollbackdError('process-manager', 'No pm2 daemon is alive.', { remedy: 'start pm2' });
      Object.assign(world.process, { refusals: () => Promise.reject(failure) });
    },
    what: /No pm2 daemon/,
    mend: /^start pm2$/,
  },
  {
    when: 'the pm2 daemon’s own environment would win over the legacy file',
    spoil: ({ state }) =>
      void Object.assign(state, { environmentObstacles: [{ what: 'it holds MONGODB_URI', mend: 'restart pm2' }] }),
    what: /MONGODB_URI/,
    mend: /restart pm2/,
  },
  {
    when: 'the ecosystem file is not in the legacy commit',
    spoil: ({ state }) => void Object.assign(state, { legacyFiles: [] }),
    what: /ecosystem\.config\.js is not in pre-migration-tag and would be gone after the switch/,
    mend: /name backend\/ecosystem\.config\.js under code\.keep/,
  },
  {
    when: 'the ecosystem file of the legacy commit does not define the application',
    spoil: ({ state }) =>
      void Object.assign(state, { ecosystemObstacles: [{ what: 'it defines no cafe', mend: 'correct it' }] }),
    what: /defines no cafe/,
    mend: /correct it/,
  },
  {
    when: 'the ecosystem file lies outside of the checkout, and is not there',
    settings: { process: { ecosystemFile: '/nowhere/ecosystem.config.cjs' } },
    what: /\/nowhere\/ecosystem\.config\.cjs is not there/,
    mend: /write it/,
  },
  {
    when: 'somebody else listens on the port of the application, beside it',
    spoil: ({ state }) => {
      state.folders[999] = '/srv/other';
      state.port = { ...state.port, listeners: [...state.port.listeners, { pid: 999, startTime: '1' }] };
    },
    what: /^port 5001 is taken by a process that is not the target's: pid 999 in \/srv\/other$/,
    mend: /stop it, or give it another port/,
  },
  {
    when: 'another user listens on the port of the application',
    spoil: ({ state }) => void Object.assign(state, { port: { ...state.port, hidden: [33] } }),
    what: /not the target's: one of the user with id 33, which cannot be seen/,
    mend: /stop it/,
  },
  {
    when: 'the application is stopped and pm2’s daemon holds its port, for a neighbour',
    spoil: ({ state }) => {
      state.processes = state.processes.map((one) => ({ ...one, pid: 0, status: 'stopped' as const }));
      state.folders[50] = '/home/cafe';
      state.port = { ...state.port, listeners: [{ pid: 50, startTime: '1' }] };
    },
    what: /not the target's: pid 50 in \/home\/cafe/,
    mend: /stop it/,
  },
  {
    when: 'pm2 would take the ecosystem file for a script',
    settings: { process: { ecosystemFile: '/nowhere/pm2.js' } },
    what: /pm2 would run process\.ecosystemFile \/nowhere\/pm2\.js as a script/,
    mend: /\.config\.js/,
  },
  {
    when: 'the balancer does not include the switch',
    spoil: (target) => {
      target.answer = () => answered(404);
    },
    what: /does not have rollbackd's switch: \/\.rollbackd\/switch says status 404, but not as the switch answers/,
    mend: /include deploy\/nginx\/rollbackd-maintenance\.conf .* reload nginx/,
  },
  {
    when: 'the application answers every path with 200 itself',
    spoil: (target) => {
      target.answer = () => answered(200);
    },
    what: /says status 200, but not as the switch answers/,
    mend: /include/,
  },
  {
    when: 'the balancer includes the switch, and cannot see its file',
    spoil: (target) => {
      const well = target.answer;
      target.answer = (question) => {
        target.state.trial = false;
        return well(question);
      };
    },
    what: /does not show maintenance: with .*maintenance\.trial there, \/\.rollbackd\/switch says status 200/,
    mend: /workers can enter the folder/,
  },
  {
    when: 'the balancer does not answer',
    spoil: (target) => {
      target.answer = () => ({ answered: false, why: 'refused', tookMs: 1 });
    },
    what: /says connection refused/,
    mend: /include/,
  },
  {
    when: 'the folder of the maintenance file is not there',
    spoil: ({ world }) => {
      const failure = new RollbackdError('traffic', 'it cannot be written (ENOENT).', { remedy: 'make its folder' });
      Object.assign(world.traffic, { tryMaintenance: () => Promise.reject(failure) });
    },
    what: /cannot be written \(ENOENT\)/,
    mend: /make its folder/,
  },
  {
    when: 'the environment file cannot be replaced',
    spoil: ({ state }) =>
      void Object.assign(state, { envObstacles: [{ what: '.env is a mount of its own', mend: 'mount its folder' }] }),
    what: /mount of its own/,
    mend: /mount its folder/,
  },
  {
    when: 'a folder lies where the freeze marker must be',
    spoil: ({ settings }) => void mkdirSync(settings.rollback.freezeFile),
    what: /deploys-frozen\.json is a folder/,
    mend: /move it away/,
  },
  {
    when: 'the freeze marker has no folder',
    settings: { rollback: { freezeFile: '/nowhere/frozen.json' } },
    what: /rollback\.freezeFile \/nowhere\/frozen\.json cannot be written \(ENOENT\)/,
    mend: /correct rollback\.freezeFile/,
  },
  {
    when: 'a file lies where the evidence must go',
    spoil: ({ settings }) => void writeFileSync(join(dirname(settings.code.releases), 'releases'), ''),
    what: /code\.releases: .*releases is no folder/,
    mend: /move that file away/,
  },
  {
    when: 'a log cannot be read',
    spoil: ({ world }) => {
      Object.assign(world.logs, { mark: () => Promise.reject(new RollbackdError('log-unreadable', 'not ours')) });
    },
    what: /logs\.output: not ours/,
    mend: /let rollbackd's user read it/,
  },
  {
    when: 'the legacy environment file leads to the unified database',
    spoil: ({ state }) => void Object.assign(state, { legacyDatabase: 'cafe_v2' }),
    what: /leads to the unified database/,
    mend: /put the legacy URI/,
  },
  {
    when: 'every tenant is said to have no legacy database',
    spoil: ({ settings }) =>
      void Object.assign(settings.target, { tenants: [{ slug: 'negoes', legacyDatabase: 'none' }] }),
    what: /No tenant would be tested/,
    mend: /take `legacyDatabase: none` away/,
  },
  {
    when: 'a program of the database is missing',
    spoil: ({ state }) => void Object.assign(state, { toolObstacles: [tool] }),
    what: /mongodump cannot be run/,
    mend: /install/,
  },
  {
    when: 'the restorer may not write a legacy database',
    spoil: ({ state }) =>
      void Object.assign(state, { missingRights: [{ what: 'rbRestorer lacks insert', mend: 'run the script' }] }),
    what: /lacks insert/,
    mend: /script/,
  },
  {
    when: 'somebody who cannot be seen is connected to the database',
    spoil: ({ state }) =>
      void Object.assign(state, { unseen: { 27017: [{ localPort: 40_001, inode: '777', uid: 1_002 }] } }),
    what: /no fence could be proven/,
    mend: /as root/,
  },
];

/** What a run tries by itself before the stop, or does not need. */
const beside: readonly Case[] = [
  {
    when: 'the backup is not where it should be',
    spoil: ({ world }) => {
      const gone = new RollbackdError('no-backup', 'There is no backup at /backup/x.', {
        remedy: 'correct backup.path',
      });
      Object.assign(world, { findBackup: () => Promise.reject(gone) });
    },
    what: /There is no backup at/,
    mend: /^correct backup\.path$/,
  },
  {
    when: 'the field by which a shared legacy database names its tenants is misspelt',
    settings: shared('caffè'),
    spoil: ({ world }) => {
      const find: typeof world.legacy.find = async (_where, filter) => ('caffè' in filter ? [] : [{ _id: 1 }]);
      Object.assign(world, { legacy: { ...world.legacy, find } });
    },
    what: /cafe_main: no document of menus has the field caffè/,
    mend: /correct tenantField/,
  },
  {
    when: 'the legacy list lacks a tenant that has no database of its own',
    settings: { mongo: { ...shared('cafe').mongo, legacyTenants: { database: 'cafe_main' } } },
    spoil: ({ world }) => {
      const find: typeof world.legacy.find = async () => [{ _id: 1, slug: 'negoes' }];
      Object.assign(world, { legacy: { ...world.legacy, find } });
    },
    what: /cafe_main\.tenants does not list kopi/,
    mend: /legacyDatabase: none/,
  },
  {
    when: 'the checkout cannot be switched',
    spoil: ({ state }) => void Object.assign(state, { codeRefusals: ['the submodule lib is not checked out'] }),
    what: /submodule lib/,
    mend: /operating\.md/,
  },
  {
    when: 'npm has no registry',
    spoil: ({ state }) =>
      void Object.assign(state, { hostObstacles: [{ what: "npm's registry does not answer", mend: 'a proxy' }] }),
    what: /registry/,
    mend: /proxy/,
  },
  {
    when: 'the restorer could write into the unified database',
    spoil: ({ state }) =>
      void Object.assign(state, { excessiveRights: [{ what: 'rbRestorer can write into cafe_v2', mend: 'less' }] }),
    what: /can write into cafe_v2/,
    mend: /less/,
  },
  {
    when: 'the access log is not there',
    settings: { traffic: { accessLog: { file: '/nowhere/access.log' } } },
    what: /traffic\.accessLog\.file \/nowhere\/access\.log cannot be read \(ENOENT\)/,
    mend: /let rollbackd's user read it/,
  },
];

it.each([...ofTheRun, ...beside])('finds that $when, with its mend', async ({ settings, spoil, what, mend }) => {
  using target = openTarget(settings);
  spoil?.(target);
  const found = await obstacles(target);
  expect(found).toContainEqual({ what: expect.stringMatching(what), mend: expect.stringMatching(mend) });
  expect(target.done).toEqual([]);
});

it.each(ofTheRun)('stops a rollback before it has stopped anything where $when', async ({ settings, spoil, what }) => {
  using target = openTarget(settings);
  spoil?.(target);
  expect(await ofRun(target)).toContainEqual(expect.objectContaining({ what: expect.stringMatching(what) }));
});

it.each(beside)('leaves it to the run itself where $when', async ({ settings, spoil }) => {
  using target = openTarget(settings);
  spoil?.(target);
  expect(await ofRun(target)).toEqual([]);
});

it.each(['a trial that a killed process left', 'somebody else’s trial meanwhile'])(
  'is not misled by %s',
  async (whose) => {
    using target = openTarget();
    target.state.trial = true;
    let asked = 0;
    const well = target.answer;
    target.answer = (question) => {
      asked += 1;
      // Another process sets it, or takes it away, while we ask.
      if (whose.startsWith('somebody') && asked % 3 === 0 && asked < 30) target.state.trial = !target.state.trial;
      return well(question);
    };
    expect(await obstacles(target)).toEqual([]);
  },
);

it('says where the balancer goes on showing what is over', async () => {
  using target = openTarget();
  const well = target.answer;
  target.answer = (question) => {
    target.state.trial = true;
    return well(question);
  };
  expect(await obstacles(target)).toMatchObject([
    { what: expect.stringMatching(/goes on showing maintenance/), mend: expect.stringContaining('open_file_cache') },
  ]);
});

it('names all at once, and each once', async () => {
  using target = openTarget();
  for (const { settings, spoil } of ofTheRun) if (settings === undefined) spoil?.(target);
  const found = await obstacles(target);
  expect(found.length).toBeGreaterThan(8);
  expect(new Set(found.map(({ what }) => what)).size).toBe(found.length);
});

it.each<[string, (target: Target) => void]>([
  [
    'pm2’s daemon, which holds it for workers of the target',
    ({ state }) => void Object.assign(state.port, { listeners: [{ pid: 50, startTime: '1' }] }),
  ],
  [
    'a process that the target has started',
    ({ state }) => {
      state.ancestors[102] = [101, 100, 50, 1];
      state.port = { ...state.port, listeners: [{ pid: 102, startTime: '1' }] };
    },
  ],
  [
    'a process that has ended meanwhile',
    ({ state }) => {
      state.folders[999] = '/srv/cafe';
      state.port = { ...state.port, listeners: [{ pid: 999, startTime: 'before' }] };
    },
  ],
  [
    'a process of the target’s own user that cannot be looked into',
    ({ state }) => void Object.assign(state, { port: { ...state.port, listeners: [], hidden: [1_000] } }),
  ],
])('takes nobody for a stranger on the port who is %s', async (_who, spoil) => {
  using target = openTarget();
  spoil(target);
  target.state.folders[50] = '/home/cafe';
  target.state.folders[102] = '/srv/cafe';
  expect(await obstacles(target)).toEqual([]);
});

it('looks again before it calls somebody a stranger: pm2 restarts what crashes', async () => {
  using target = openTarget();
  const { list } = target.world.process;
  let looks = 0;
  Object.assign(target.world.process, {
    list: async (signal: AbortSignal) => {
      looks += 1;
      return looks === 1 ? (await list(signal)).map((one) => ({ ...one, pid: 99 })) : list(signal);
    },
  });
  expect(await obstacles(target)).toEqual([]);
  expect(looks).toBe(2);
});

it('does not try the switch where maintenance is shown already: the application may be contained', async () => {
  using target = openTarget();
  target.state.maintenance = true;
  expect(await obstacles(target)).toEqual([]);
});

it.each([
  ['lines of another format', 'json', '127.0.0.1 - - [30/Nov/2026:10:00:00 +0000] "GET / HTTP/1.1" 200 3\n', 1],
  ['nothing in it yet', 'json', '', 0],
  [
    'a line of ours among others',
    'json',
    'half a li\n{"time":1,"method":"GET","path":"/","status":200,"duration":0,"upstream":"a","agent":"x","tenant":""}\n',
    0,
  ],
] as const)('takes an access log with %s for what it is', async (_what, format, text, count) => {
  using target = openTarget();
  const file = join(target.folder, 'access.log');
  writeFileSync(file, text);
  Object.assign(target.settings.traffic, { accessLog: { file, format, paths: ['/'] } });
  const found = await obstacles(target);
  expect(found.filter(({ what }) => what.includes('has the format json'))).toHaveLength(count);
});

it('looks for no tenants in a database that holds the unified documents until the merge', async () => {
  const main = { name: 'cafe_v2', policy: 'merge' as const, collections: ['menus'], tenantField: 'cafe' };
  const own = ['negoes', 'kopi'].map((tenant) => ({ name: `cafe_${tenant}`, tenant, policy: 'leave' as const }));
  using target = openTarget({ mongo: { legacyDatabases: [...own, main] } });
  const find: typeof target.world.legacy.find = async (_where, filter) => ('cafe' in filter ? [] : [{ _id: 1 }]);
  Object.assign(target.world, { legacy: { ...target.world.legacy, find } });
  expect(await obstacles(target)).toEqual([]);
});
