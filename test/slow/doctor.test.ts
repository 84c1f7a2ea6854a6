import { copyFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MongoClient } from 'mongodb';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { rollbackd } from '../../sandbox/demo/program.ts';
import { type Sandbox, startSandbox } from '../../sandbox/sandbox.ts';
import { runProgram } from '../../sandbox/tools/run-program.ts';
import { type Changes, writeChangedConfig } from './changed-config.ts';

let sandbox: Sandbox;

beforeAll(async () => {
  sandbox = await startSandbox({ temperament: 'tidy', mongo: 'standalone', tenants: 3, documents: 600 });
});
afterAll(() => sandbox?.[Symbol.asyncDispose]());

const unused = { mode: 'approve', webhookUrl: 'http://127.0.0.1:9/', httpPort: 1 } as const;
const doctor = async (name: string, changes: Changes) =>
  rollbackd('doctor', 'target', '--config', await writeChangedConfig(sandbox, name, unused, changes));

/** What is wrong -> words of its line, and of its mend. */
const wrong: readonly (readonly [string, RegExp])[] = [
  ['mongodump is not there', /mongo\.tools\.mongodump \/no\/mongodump cannot be run.* Mend: install/],
  ['mongorestore is another program', /mongorestore .* is no mongorestore.* Mend: install/],
  ['npm has no registry', /npm's registry does not answer\. Mend: let this host reach/],
  ['pm2 does nothing', /printed no list of applications for "pm2 jlist"\. Mend: check that `process\.program`/],
  ['pm2 has saved an application that is gone', /pm2 has saved old-app, .* Mend: start old-app again/],
  ['pm2 would start the application by a schedule', /has a cron_restart: .* Mend: take cron_restart out/],
  ['pm2’s daemon holds a variable', /environment holds PATH, .* Mend: restart pm2 without PATH/],
  ['pm2 would take the ecosystem file for a script', /pm2 would run process\.ecosystemFile .* as a script\. Mend:/],
  ['the ecosystem file is in no legacy commit', /started\.js is not in .* and would be gone.* Mend: name/],
  ['the balancer looks at another file', /does not show maintenance: with .*other\.trial there.* Mend: see that nginx/],
  ['the access log is not there', /traffic\.accessLog\.file .*nowhere\.log cannot be read \(ENOENT\)\. Mend: write/],
  ['the evidence would go where a file lies', /rollback\.evidenceFolder: .* is no folder\. Mend: move that file away/],
  ['releases would go where a file lies', /code\.releases: .* is no folder\. Mend: move that file away/],
  ['the freeze marker has no folder', /rollback\.freezeFile .* cannot be written \(ENOENT\)\. Mend: make its folder/],
  ['the legacy environment is the unified one', /leads to the unified database: .* Mend: put the legacy URI/],
  ['a file to be kept is not there', /missing\.json of code\.keep is not there\. Mend: what the checkout must allow/],
  [
    'the observer may not look at the server',
    /rb-observer lacks serverStatus, .* on the server\. Mend: run the script/,
  ],
  ['the dumper may not read', /rb-dumper lacks find, .* Mend: run the script/],
  ['the restorer may not write', /rb-restorer lacks .*insert.* Mend: run the script/],
  ['the restorer may write too much', /rb-restorer can write into .* Mend: run the script/],
];

it('a target in order has nothing in its way, and nothing is changed by looking', async () => {
  const { code, output } = await doctor('well', {});
  expect([code, output.trim()]).toEqual([0, 'well    target      nothing stands in the way of a run']);
  expect((await sandbox.oracle.judgeUntouched()).findings).toEqual([]);
});

it(`one call names all ${wrong.length} things that are wrong, each with its mend`, async () => {
  const { root, tools, repository, pm2, mongo } = sandbox;
  const nothing = join(root, 'nothing.js');
  await writeFile(nothing, '');
  await writeFile(join(repository.serverFolder, 'started.js'), 'module.exports = {}');
  const legacyFile = join(root, 'legacy.env');
  await copyFile(repository.envFile, legacyFile);
  await writeFile(join(pm2.home, 'dump.pm2'), JSON.stringify([{ name: 'old-app', status: 'online' }]));
  const schedule = [pm2.binary, 'restart', pm2.appName, '--cron-restart', '0 4 1 1 *'];
  await runProgram(pm2.node, schedule, { cwd: root, environment: { ...pm2.control.environment }, timeoutMs: 60_000 });
  await takeRights(mongo.adminUri, mongo.unifiedDatabase);
  const { code, output } = await doctor('broken', {
    'mongo.tools.mongodump': '/no/mongodump',
    'mongo.tools.mongorestore': tools.mongodump.path,
    'dependencies.environment': { npm_config_registry: 'http://127.0.0.1:9/' },
    'process.program': nothing,
    'process.databaseVariables': ['MONGODB_URI', 'PATH'],
    'process.ecosystemFile': join(repository.serverFolder, 'started.js'),
    'traffic.maintenanceFile': join(root, 'other'),
    'traffic.timeout': '2s',
    'traffic.accessLog.file': join(root, 'nowhere.log'),
    'rollback.evidenceFolder': nothing,
    'code.releases': legacyFile,
    'rollback.freezeFile': join(root, 'nowhere/frozen.json'),
    'env.legacyFile': legacyFile,
    'code.keep': ['missing.json'],
  });
  const lines = output.trim().split('\n');
  const missing = wrong.filter(([, words]) => !lines.some((line) => words.test(line)));
  expect(
    missing.map(([what]) => what),
    output,
  ).toEqual([]);
  expect(
    lines.every((line) => line.startsWith('FAULT   target      ') && line.includes('Mend: ')),
    output,
  ).toBe(true);
  expect(code).toBe(1);
});

/** As an administrator's slip leaves them. */
async function takeRights(adminUri: string, unified: string): Promise<void> {
  await using client = await new MongoClient(adminUri).connect();
  const admin = client.db('admin');
  const read = [{ role: 'read', db: unified }];
  await admin.command({ updateUser: 'rb-observer', roles: read });
  await admin.command({ updateUser: 'rb-dumper', roles: read });
  await admin.command({ updateUser: 'rb-restorer', roles: [{ role: 'readWrite', db: unified }] });
}
