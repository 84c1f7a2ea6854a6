import { expect, test } from 'vitest';
import { linuxHost } from '../../../src/adapters/host/linux.ts';
import { pm2Adapter } from '../../../src/adapters/process/pm2.ts';
import { readAppList } from '../../../src/adapters/process/pm2-list.ts';
import { processSchema } from '../../../src/adapters/process/schema.ts';

const written = {
  adapter: 'pm2',
  program: '/usr/bin/pm2',
  node: '/usr/bin/node',
  home: '/srv/app/.pm2',
  names: ['cafe'],
  ecosystemFile: '/srv/app/ecosystem.config.js',
  databaseVariables: ['MONGODB_URI'],
};
const config = processSchema.parse(written);

test('of an application its name, id, process, state and folder are kept, and nothing of its environment', () => {
  const app = {
    name: 'cafe',
    pm_id: 3,
    pid: 7,
    pm2_env: { status: 'waiting restart', pm_cwd: '/srv', restart_time: 2, MONGODB_URI: 'mongodb://app:hush@db' },
  };
  expect(readAppList([app])).toEqual([
    {
      name: 'cafe',
      managerId: 3,
      pid: 7,
      status: 'other',
      workingDirectory: '/srv',
      restarts: 2,
      restartsBySchedule: false,
    },
  ]);
});

test('a dry run names the commands and runs none', () => {
  const refuse = () => expect.fail('ran something');
  const adapter = pm2Adapter({ config, run: refuse, readOnly: refuse, host: linuxHost() });
  expect(adapter.describe('stopAndSave')).toEqual([
    expect.stringMatching(/^PM2_HOME=\S+ \S+ \S+ stop <ids of cafe>$/),
    expect.stringMatching(/ save --force$/),
  ]);
  expect(adapter.describe('replace')[1]).toContain('--env production --only cafe --cwd');
  expect(adapter.describe('release')[0]).toContain(' start <ids of cafe>');
});

test('a name that pm2 would take for several is refused by the configuration', () => {
  expect(processSchema.safeParse({ ...written, names: ['a,b'] }).success).toBe(false);
  expect(processSchema.safeParse({ ...written, names: ['a b'] }).success).toBe(false);
  expect(processSchema.safeParse(written).success).toBe(true);
});

test('a Node of another name is refused: pm2 would run the application by the next one on the PATH', () => {
  const { error } = processSchema.safeParse({ ...written, node: '/opt/bin/node20' });
  expect(error?.issues).toMatchObject([{ path: ['node'], message: expect.stringContaining('called node') }]);
});
