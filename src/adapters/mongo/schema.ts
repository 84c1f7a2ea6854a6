import { z } from 'zod';
import { absolutePath, duration, secret } from '../../core/scalars.ts';

const user = z.strictObject({ user: z.string().min(1), password: secret, authSource: z.string().default('admin') });
export type MongoLogin = z.infer<typeof user>;

const server = z.strictObject({
  host: z.string().min(1),
  port: z.int().min(1).max(65_535).default(27_017),
  replicaSet: z.string().optional(),
  tls: z.boolean().default(false),
});
export type MongoServer = z.infer<typeof server>;

const legacyDatabase = z
  .strictObject({
    name: z.string().min(1),
    /** The tenant it belongs to; absent for a main database. */
    tenant: z.string().optional(),
    policy: z.enum(['restore', 'leave', 'merge']),
    onDifferent: z.enum(['ask', 'replace']).default('ask'),
    /** With `merge`: the collections to be replaced, named one by one. */
    collections: z.array(z.string()).optional(),
    /** Indexes that must be there besides those of the backup. */
    requiredIndexes: z
      .array(
        z.strictObject({
          collection: z.string(),
          key: z.record(z.string(), z.union([z.literal(1), z.literal(-1), z.string()])),
          unique: z.boolean().default(false),
        }),
      )
      .default([]),
  })
  .refine((database) => (database.policy === 'merge') === (database.collections !== undefined), {
    message: '`collections` is required with policy merge, and only there',
    path: ['collections'],
  });

export const mongoSchema = z.strictObject({
  unified: z.strictObject({ ...server.shape, database: z.string().min(1) }),
  /** The server on which the legacy databases live: often the same one. */
  legacy: server,
  /** Three users with the least rights that suffice; absent on a server without authentication. */
  users: z.strictObject({ observer: user, dumper: user, restorer: user }).optional(),
  tenants: z
    .strictObject({
      collection: z.string().default('tenants'),
      slugField: z.string().default('slug'),
      legacyDatabaseField: z.string().default('dbName'),
      /** Tenants in which it is `false` are served nothing, so that nothing is asked as them. */
      activeField: z.string().default('isActive'),
    })
    .prefault({}),
  /** Where the legacy system keeps its own list of tenants, if it has one: their ids differ from the unified ones. */
  legacyTenants: z
    .strictObject({
      database: z.string().min(1),
      collection: z.string().default('tenants'),
      slugField: z.string().default('slug'),
    })
    .optional(),
  tenantField: z.string().default('tenantId'),
  legacyDatabases: z.array(legacyDatabase).min(1),
  leaseDatabase: z.string().default('rollbackd'),
  tools: z.strictObject({ mongodump: absolutePath, mongorestore: absolutePath }),
  /** How long one dump, restore or comparison of one database may take. */
  toolTimeout: duration.prefault('60m'),
  operationTimeout: duration.prefault('5s'),
});
export type MongoConfig = z.infer<typeof mongoSchema>;
export type LegacyDatabase = MongoConfig['legacyDatabases'][number];
