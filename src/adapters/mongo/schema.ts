import { z } from 'zod';
import { absolutePath, duration, secret, text } from '../../core/scalars.ts';

/** Of the document itself: one within another is read by no path. */
const fieldName = z.string().regex(/^[^.$]+$/, 'the name of a field, without dots and dollars');

const user = z.strictObject({
  user: text.describe('Name of the user.'),
  password: secret.describe('Password of the user.'),
  authSource: z.string().default('admin').describe('Database in which the user is defined.'),
});
export type MongoLogin = z.infer<typeof user>;

const server = z.strictObject({
  host: text.describe('Name or address of the server.'),
  port: z.int().min(1).max(65_535).default(27_017).describe('Port of the server.'),
  replicaSet: z
    .string()
    .optional()
    .describe('Name of the replica set that the server belongs to. Left out, exactly this one server is asked.'),
  tls: z.boolean().default(false).describe('Whether connections to the server are encrypted.'),
});
export type MongoServer = z.infer<typeof server>;

const requiredIndex = z.strictObject({
  collection: z.string().describe('Collection of the index.'),
  key: z
    .record(z.string(), z.union([z.literal(1), z.literal(-1), z.string()]))
    .describe('Fields of the index in their order, each with `1`, `-1` or a kind of index such as `2dsphere`.'),
  unique: z
    .boolean()
    .default(false)
    .describe(
      'Whether the index must be unique. The documents of the backup are looked at for it before anything is restored: where they do not allow it, no rollback is planned.',
    ),
});

const legacyDatabase = z
  .strictObject({
    name: text.describe(
      'Exact name of the database, never a pattern. One that is called as the unified one can only be merged; on the same server a person alone decides (docs/merge.md).',
    ),
    tenant: z
      .string()
      .optional()
      .describe('Slug of the tenant that it belongs to, out of `target.tenants`. Left out, it is a main database.'),
    tenantField: fieldName
      .optional()
      .describe(
        "For a main database that holds the documents of several tenants: the field of a document that names its tenant, by its `_id` in `mongo.legacyTenants` or by its slug. A document without it is everybody's. Left out, all of the database is.",
      ),
    policy: z
      .enum(['restore', 'leave', 'merge'])
      .describe(
        'What a rollback does with it: `restore` makes it as the backup has it, `merge` does so with the named collections only, `leave` does not touch it.',
      ),
    onDifferent: z
      .enum(['ask', 'replace'])
      .default('ask')
      .describe(
        'Whether rollbackd may replace it alone where it differs from the backup (`replace`), or a person decides (`ask`): it may hold newer data. A snapshot comes first either way.',
      ),
    collections: z
      .array(z.string())
      .optional()
      .describe('Exact names of the collections to be replaced: required with policy `merge`, and only there.'),
    requiredIndexes: z
      .array(requiredIndex)
      .default([])
      .describe(
        'Indexes that must be there besides those of the backup; a missing one is built, while users are still served wherever the database itself stays.',
      ),
  })
  .refine((database) => (database.policy === 'merge') === (database.collections !== undefined), {
    message: '`collections` is required with policy merge, and only there',
    path: ['collections'],
  })
  .refine(({ tenant, tenantField }) => tenant === undefined || tenantField === undefined, {
    message: '`tenantField` is for a database without `tenant`: one that tenants share',
    path: ['tenantField'],
  });

const users = z.strictObject({
  observer: user.describe('The user that reads both servers and holds the lease.'),
  dumper: user.describe('The user for mongodump.'),
  restorer: user.describe(
    'The user for mongorestore and for building indexes: another one than the first two, without rights on the unified database but on collections that are merged there.',
  ),
});

const tenantList = z.strictObject({
  collection: z.string().default('tenants').describe('Collection with one document for each tenant.'),
  slugField: z.string().default('slug').describe('Field with the slug of the tenant.'),
  legacyDatabaseField: z
    .string()
    .default('dbName')
    .describe("Field with the name of the tenant's legacy database. It is read, but has no effect yet."),
  activeField: z
    .string()
    .default('isActive')
    .describe(
      'Field that is `false` for a tenant that is served nothing: nothing is asked as it, unless `target.tenants` names it.',
    ),
});

const legacyTenants = z.strictObject({
  database: text.describe('Database of the list: one of `mongo.legacyDatabases`.'),
  collection: z.string().default('tenants').describe('Collection with one document for each tenant.'),
  slugField: z.string().default('slug').describe('Field with the slug of the tenant.'),
  activeField: z
    .string()
    .default('isActive')
    .describe('Field that is `false` for a tenant that the legacy system serves nothing.'),
});

export const mongoSchema = z.strictObject({
  unified: z
    .strictObject({
      ...server.shape,
      database: text.describe(
        'Exact name of the unified database. Nothing is ever restored into it, but the named collections of a legacy main database that is the same one (docs/merge.md).',
      ),
    })
    .describe('The server and the database of the unified version.'),
  legacy: server.describe('The server on which the legacy databases live: often the same one.'),
  users: users
    .optional()
    .describe(
      'Three users with the least rights that suffice (docs/permissions.md). Leave it out on a server without authentication only: without it rollbackd could write into every database.',
    ),
  tenants: tenantList.prefault({}).describe('The list of tenants in the unified database.'),
  legacyTenants: legacyTenants
    .optional()
    .describe(
      'Where the legacy system keeps its own list of tenants, if it has one: their ids, which differ from the unified ones, and whom it serves.',
    ),
  tenantField: fieldName
    .default('tenantId')
    .describe("Field of a unified document with the `_id` of its tenant. A document without it is everybody's."),
  legacyDatabases: z
    .array(legacyDatabase)
    .min(1)
    .describe('The legacy databases, one by one: a pattern would match the unified one as well.'),
  leaseDatabase: z
    .string()
    .default('rollbackd')
    .describe(
      "Name of a small database of rollbackd's own on the legacy server, by which daemons on several hosts keep out of each other's way.",
    ),
  tools: z
    .strictObject({
      mongodump: absolutePath.describe('The mongodump program.'),
      mongorestore: absolutePath.describe('The mongorestore program.'),
    })
    .describe('The MongoDB database tools.'),
  toolTimeout: duration
    .prefault('60m')
    .describe('How long one dump, restore or comparison of one database may take, and the building of one index.'),
  operationTimeout: duration.prefault('5s').describe('How long one question to a server may take.'),
});
export type MongoConfig = z.infer<typeof mongoSchema>;
export type LegacyDatabase = MongoConfig['legacyDatabases'][number];
