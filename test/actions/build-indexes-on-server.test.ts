import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { actions } from '../../src/actions/catalogue.ts';
import { assess } from '../../src/rollback/assess.ts';
import { buildPlan } from '../../src/rollback/plan.ts';
import { dropAll, fill, never } from '../adapters/mongo/mongo-fixture.ts';
import { writeCollection } from '../backup/dump-writer.ts';
import { cafeOn, type OnServers, startTwoServers, type TwoServers } from './two-servers.ts';

const DATABASE = 'superkafe_a';
const documents = [
  { _id: 1, code: 'x', at: 1 },
  { _id: 2, code: 'x', at: 2 },
];
let servers: TwoServers;
let backup: string;

beforeAll(async () => {
  servers = await startTwoServers();
  backup = join(servers.legacy.folder, 'backup');
  const indexes = [
    { v: 2, key: { _id: 1 }, name: '_id_' },
    { v: 2, key: { at: 1 }, name: 'at_1' },
  ];
  await writeCollection(join(backup, DATABASE), 'orders', documents, { indexes });
});
afterAll(() => servers[Symbol.asyncDispose]());
beforeEach(async () => {
  await dropAll(servers.legacy.admin);
  await fill(servers.legacy.admin, `${DATABASE}.orders`, documents);
});

const orders = () => servers.legacy.admin.db(DATABASE).collection('orders');
const named = async () => (await orders().indexes()).map(({ name }) => name).sort();
const requiring = (unique: boolean) =>
  cafeOn(servers, {
    legacyDatabases: [
      { name: DATABASE, policy: 'restore', requiredIndexes: [{ collection: 'orders', key: { code: 1 }, unique }] },
    ],
    backup,
  });
const context = ({ target }: OnServers) =>
  target.context({ subject: DATABASE, manifest: () => target.world.scanBackup(never) });

it('what a real server lacks of indexes is built before the stop, and then nothing is planned for it', async () => {
  await using cafe = requiring(false);
  const planned = async () =>
    buildPlan(cafe.target.world, await assess(cafe.target.world, never), 'rollback', '').steps.map(({ id }) => id);
  expect(await planned()).toContain(`build-indexes:${DATABASE}`);
  await actions['build-indexes'].perform?.(context(cafe));
  expect(await actions['build-indexes'].prove(context(cafe))).toMatchObject({ documents: 2 });
  expect(await named()).toEqual(['_id_', 'at_1', 'code_1']);
  expect(await actions['verify-database'].prove(context(cafe))).toMatchObject({ indexes: 'complete' });
  expect(await planned()).not.toContain(`build-indexes:${DATABASE}`);
});

it('one that the documents do not allow is refused before the stop, with what MongoDB says', async () => {
  await using cafe = requiring(true);
  await expect(actions['build-indexes'].perform?.(context(cafe))).rejects.toMatchObject({
    reason: 'refused',
    message: expect.stringMatching(/the index code_1 of orders cannot be built: .*E11000/),
    remedy: expect.stringContaining('resume the run'),
  });
});

it.each([
  ['is absent', () => orders().drop()],
  ['is different', () => orders().deleteOne({ at: 1 })],
])(
  'one that the documents of the backup do not allow is refused at the plan where the database %s: nothing is dropped',
  async (_, spoil) => {
    await spoil();
    await using cafe = requiring(true);
    await expect(assess(cafe.target.world, never)).rejects.toMatchObject({
      reason: 'refused',
      message:
        `${DATABASE} could not be restored: its backup does not allow the unique index code_1 of orders: ` +
        'the document 1 and the document 2 have the same code',
      remedy: 'correct requiredIndexes: take it out there, or change its `unique`',
    });
    await using allowed = requiring(false);
    await expect(assess(allowed.target.world, never)).resolves.toBeDefined();
  },
);

it('one whose name another index has, that is required, is refused before the stop', async () => {
  await orders().createIndex({ code: 1 });
  await using cafe = requiring(true);
  await expect(actions['build-indexes'].perform?.(context(cafe))).rejects.toMatchObject({
    reason: 'refused',
    message: expect.stringMatching(/the index code_1 of orders cannot be built: .*same name/),
  });
});
