import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { EcosystemAfterSwitch } from '../../../src/adapters/process/contract.ts';
import type { ProcessConfig } from '../../../src/adapters/process/schema.ts';
import { never, type Pm2Place, pm2Place } from './pm2-place.ts';

let place: Pm2Place;
let server: string;

beforeAll(async () => {
  place = await pm2Place('fork');
  server = join(place.folder, 'server');
  writeFileSync(join(server, 'cafe.js'), 'setInterval(() => {}, 1_000)');
  await place.pm2(['ping']);
});
afterAll(() => place.remove());

const write = (name: string, text: string) => {
  const file = join(place.folder, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
};

const look = (
  file: string,
  more: Partial<EcosystemAfterSwitch> = {},
  changes: Partial<ProcessConfig> = {},
): Promise<readonly { readonly what: string; readonly mend: string }[]> =>
  place
    .adapterWith(changes)
    .ecosystemObstacles({ ecosystemFile: file, workingDirectory: server, isSwitched: false, ...more }, never);

const cafe = '{ name: "cafe", script: "cafe.js" }';

/** Name and text of a file, and what stands in the way of a start from it, if anything. */
const files: [name: string, text: string, obstacle?: RegExp][] = [
  ['well.config.js', `module.exports = { apps: [${cafe}] }`],
  ['array.config.cjs', `module.exports = [${cafe}]`],
  ['one.config.js', `module.exports = ${cafe}`],
  ['key.config.js', `module.exports = { pm2: [${cafe}] }`],
  ['script.config.js', 'module.exports = { apps: [{ script: "./cafe.js" }] }'],
  ['command.config.js', 'module.exports = { apps: [{ cmd: "./cafe.js" }] }'],
  [
    'asked.config.js',
    `module.exports = { apps: process.argv[2] === 'start' && process.argv.includes('--only') ? [${cafe}] : [] }`,
  ],
  ['talks.config.js', `console.log('{"apps":[]}'); module.exports = { apps: [${cafe}] }; setInterval(() => {}, 1000)`],
  ['comments.json', `// as people write it\n{ apps: [${cafe},] }`],
  ['five.json5', `{ apps: [${cafe}] }`],
  ['well.yml', 'apps:\n  - name: cafe\n    script: cafe.js\n'],
  ['well.yaml', 'name: cafe\nscript: cafe.js\n'],
  ['renamed.config.js', 'module.exports = { apps: [{ name: "bar", script: "cafe.js" }] }', /no cafe: it defines bar$/],
  [
    'suffix.config.js',
    'module.exports = { apps: [{ name: "cafe", append_env_to_name: true, script: "cafe.js" }] }',
    /no cafe: it defines cafe \(with append_env_to_name\)$/,
  ],
  ['empty.config.js', 'module.export = { apps: [] }', /defines no cafe: it defines no application$/],
  ['syntax.config.js', `module.exports = {\n  apps: [${cafe}\n}`, /cannot load .*SyntaxError: .* \(line \d\)$/],
  ['syntax.json', `{ "apps": [${cafe} }`, /cannot load .*SyntaxError/],
  ['syntax.yml', 'apps: [\n', /cannot load .*YAMLException/],
  ['empty.yml', '', /cannot load .*TypeError/],
  ['missing.config.js', 'require("./nowhere")', /cannot load .*Cannot find module '\.\/nowhere'/],
  ['ends.config.js', 'process.exit(3)', /cannot load .*with code 3$/],
];

test.each(files)('%s is read as pm2 itself reads it', { timeout: 90_000 }, async (...[name, text, obstacle]) => {
  const file = write(name, text);
  const found = await look(file);
  expect(found).toEqual(
    obstacle === undefined ? [] : [{ what: expect.stringMatching(obstacle), mend: expect.stringMatching(/^correct/) }],
  );
  const started = await place.adapter
    .replace({ ecosystemFile: file, workingDirectory: server, environment: {} }, never)
    .then(
      () => true,
      () => false,
    );
  expect(started, 'pm2 agrees').toBe(obstacle === undefined);
});

test('a module is read as the target’s pm2 and Node read it, whatever they make of it', {
  timeout: 90_000,
}, async () => {
  const file = write('well.config.mjs', `export const apps = [${cafe}]`);
  const found = await look(file);
  const request = { ecosystemFile: file, workingDirectory: server, environment: {} };
  const failure = await place.adapter.replace(request, never).catch((error: unknown) => error);
  expect(found.length > 0).toBe(failure !== undefined);
});

test('looking starts nothing, and a file that never ends loading costs the time-out', { timeout: 90_000 }, async () => {
  const before = await place.pm2(['jlist']);
  const [found] = await look(write('endless.config.js', 'for (;;) {}'), {}, { timeout: 1_000 });
  expect(found?.what).toMatch(/cannot load .*not loaded within 1000 ms/);
  expect(JSON.parse(await place.pm2(['jlist']))).toHaveLength(JSON.parse(before).length);
});

test('an error that tells a secret is told without it', { timeout: 90_000 }, async () => {
  const [found] = await look(write('secret.config.js', 'throw new Error("mongodb://app:hush@h/x is down")'));
  expect(found?.what).toMatch(/is down/);
  expect(found?.what).not.toContain('hush');
});

const legacy = (text: string) => look(join(server, 'ecosystem.config.js'), { isSwitched: true, text });

test('of a file that the switch brings, the text that it will have counts', { timeout: 90_000 }, async () => {
  write('server/ecosystem.config.js', 'not even JavaScript');
  expect(
    await legacy('const path = require("path"); module.exports = { name: "cafe", script: path.join(__dirname, "a") }'),
  ).toEqual([]);
  expect(
    await legacy('module.exports = { apps: [{ name: require("path").basename(__dirname), script: "a" }] }'),
  ).toEqual([
    expect.objectContaining({ what: expect.stringMatching(/as the legacy commit has it defines no cafe: .* server$/) }),
  ]);
  const mend = expect.stringContaining('keep a corrected file outside of the checkout');
  expect(await legacy('module.exports = {')).toEqual([
    { what: expect.stringMatching(/as the legacy commit has it: SyntaxError/), mend },
  ]);
  expect(readdirSync(place.config.home).filter((name) => name.startsWith('.rollbackd'))).toEqual([]);
});

test.each([
  'module.exports = require("./pm2/" + process.env.HOME)',
  'module.exports = { name: require("./package.json").name }',
  'module.exports = { name: JSON.parse(require("node:fs").readFileSync(__dirname + "/package.json")).name }',
  'let name = "bar"; try { name = require("../name") } catch {} module.exports = { name, script: "a" }',
  'const dotenv = require("dotenv"); module.exports = { name: "bar", script: "a" }',
  'module.exports = { name: require(__dirname + "/name.js") }',
])('says nothing where the switch decides what it needs: %s', { timeout: 90_000 }, async (text) => {
  expect(await legacy(text)).toEqual([]);
  const kept = write('server/kept.config.js', text);
  expect(await look(kept, { isSwitched: true })).toEqual([]);
});

test('says nothing where no code of pm2 is found beside its program, or Node does nothing', async () => {
  const file = write('renamed.config.js', 'module.exports = { apps: [{ name: "bar", script: "cafe.js" }] }');
  const elsewhere = write('elsewhere.js', `require(${JSON.stringify(place.config.program)})`);
  expect(await look(file, {}, { program: elsewhere })).toEqual([]);
  expect(await look(file, {}, { node: '/bin/true' })).toEqual([]);
});
