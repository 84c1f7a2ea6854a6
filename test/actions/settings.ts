import { z } from 'zod';
import { rollbackSchema } from '../../src/actions/schema.ts';
import type { RollbackSettings } from '../../src/actions/world.ts';
import { codeSchema } from '../../src/adapters/code/schema.ts';
import { dependenciesSchema } from '../../src/adapters/dependencies/schema.ts';
import { envSchema } from '../../src/adapters/env/schema.ts';
import { logsSchema } from '../../src/adapters/logs/schema.ts';
import { mongoSchema } from '../../src/adapters/mongo/schema.ts';
import { processSchema } from '../../src/adapters/process/schema.ts';
import { trafficSchema } from '../../src/adapters/traffic/schema.ts';
import { probesSchema, targetSchema } from '../../src/probes/schema.ts';

const schema = z.strictObject({
  target: targetSchema,
  mongo: mongoSchema,
  process: processSchema,
  traffic: trafficSchema,
  code: codeSchema,
  env: envSchema,
  dependencies: dependenciesSchema,
  logs: logsSchema,
  probes: probesSchema,
  rollback: rollbackSchema,
});
export type SettingsInput = z.input<typeof schema>;

/** Words that no text, no journal and no message may ever hold. */
export const secrets = ['0bserver-pw', 'dump3r-pw', 'rest0rer-pw', 'l0gin-pw'] as const;
const [observer, dumper, restorer, login] = secrets;

const user = (name: string, password: string) => ({ user: name, password });

const menuRoute = { name: 'menu', list: '/api/menu', collection: 'menus', trusted: true };

/** A café with two tenants, each with a legacy database, all in the given folder. */
const complete = (folder: string): SettingsInput => ({
  target: {
    name: 'cafe',
    applicationUrl: 'http://127.0.0.1:5001',
    publicUrl: 'http://127.0.0.1:8080',
    tenants: [{ slug: 'negoes', login: { email: 'admin@negoes.example', password: login } }, { slug: 'kopi' }],
  },
  mongo: {
    unified: { host: '127.0.0.1', port: 27_017, database: 'cafe_v2' },
    legacy: { host: '127.0.0.1', port: 27_017 },
    users: {
      observer: user('rbObserver', observer),
      dumper: user('rbDumper', dumper),
      restorer: user('rbRestorer', restorer),
    },
    legacyDatabases: [
      { name: 'cafe_negoes', tenant: 'negoes', policy: 'restore', onDifferent: 'replace' },
      { name: 'cafe_kopi', tenant: 'kopi', policy: 'restore', onDifferent: 'replace' },
    ],
    tools: { mongodump: '/usr/bin/mongodump', mongorestore: '/usr/bin/mongorestore' },
  },
  process: {
    adapter: 'pm2',
    program: '/usr/bin/pm2',
    node: '/usr/bin/node',
    home: '/home/cafe/.pm2',
    names: ['cafe'],
    instances: 1,
    ecosystemFile: `${folder}/checkout/backend/ecosystem.config.js`,
    databaseVariables: ['MONGODB_URI'],
    timeout: '10s',
  },
  traffic: {
    adapter: 'nginx',
    maintenanceFile: '/var/lib/rollbackd-traffic/maintenance',
    timeout: '5s',
  },
  code: {
    adapter: 'git',
    program: '/usr/bin/git',
    repository: `${folder}/checkout`,
    serverFolder: 'backend',
    legacyRef: 'pre-migration-tag',
    releases: `${folder}/releases`,
  },
  env: {
    adapter: 'dotenv',
    file: `${folder}/checkout/backend/.env`,
    legacyFile: `${folder}/.env.legacy`,
    uriVariables: ['MONGODB_URI'],
  },
  dependencies: { adapter: 'npm', program: '/usr/bin/npm', folder: 'backend' },
  logs: { output: '/var/log/cafe-out.log', error: '/var/log/cafe-error.log' },
  probes: {
    timeout: '1s',
    unified: { health: { path: '/health' }, routes: [menuRoute] },
    legacy: { health: { path: '/api/tenants', headers: { 'x-alive': '1' } }, routes: [menuRoute] },
  },
  rollback: {
    evidenceFolder: `${folder}/evidence`,
    freezeFile: `${folder}/deploys-frozen.json`,
    keepFree: '1GiB',
    responseTimePath: '/api/menu',
  },
});

/** Changed where a test says so, room by room. */
export type SettingsChange = { readonly [Room in keyof SettingsInput]?: Partial<SettingsInput[Room]> };

export function settingsIn(folder: string, changes: SettingsChange = {}): RollbackSettings {
  const base = complete(folder);
  const rooms = Object.keys(base) as (keyof SettingsInput)[];
  return schema.parse(Object.fromEntries(rooms.map((room) => [room, { ...base[room], ...changes[room] }])));
}

/** The configuration wants an index on kopi's menus that no backup has. */
export const priceIndexRequired = {
  mongo: {
    legacyDatabases: [
      {
        name: 'cafe_kopi',
        tenant: 'kopi',
        policy: 'restore' as const,
        requiredIndexes: [{ collection: 'menus', key: { price: -1 as const } }],
      },
    ],
  },
};
