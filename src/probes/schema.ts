import { z } from 'zod';
import { duration, durationOrZero, httpUrl, secret } from '../core/scalars.ts';

const statusList = z.array(z.int().min(100).max(599)).min(1);

/** One question to the application. */
const request = z.strictObject({
  path: z.string().startsWith('/'),
  method: z.enum(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']).default('GET'),
  /** Written next to any method but GET and HEAD: somebody has made sure that this request changes nothing. */
  changesNothing: z.boolean().default(false),
  headers: z.record(z.string(), z.string()).default({}),
  expectStatus: statusList.default([200]),
  /** JSON path -> expected value, such as `$.database.connected: true`. */
  expectJson: z.record(z.string().startsWith('$'), z.union([z.string(), z.number(), z.boolean()])).default({}),
});
export type RequestConfig = z.infer<typeof request>;

/** How a long list is read page by page: `?page=2&limit=50`. */
const paging = z.strictObject({
  pageParameter: z.string().min(1).default('page'),
  firstPage: z.int().nonnegative().default(1),
  sizeParameter: z.string().min(1).optional(),
  size: z.int().positive().default(50),
  /** How far one look reads on. */
  maxPages: z.int().positive().default(1),
});

const route = z.strictObject({
  name: z.string().min(1),
  list: z.string().startsWith('/'),
  /** Route that answers one document; `{id}` is replaced. */
  one: z.string().includes('{id}').optional(),
  /** Where the documents stand in the answer: `$[*]`, `$.data[*]`. */
  documents: z.string().startsWith('$').default('$[*]'),
  idField: z.string().default('_id'),
  /** Field of the answer that names the tenant, where the application tells it. */
  tenantField: z.string().min(1).optional(),
  paging: paging.optional(),
  headers: z.record(z.string(), z.string()).default({}),
  /** Asked with the token of the tenant's login. */
  needsLogin: z.boolean().default(false),
  /** Collection of the unified database in which the ids are looked up. */
  collection: z.string().min(1),
  /** Fields that make two documents the same to a reader: equal ones in several tenants are nobody's secret. */
  sameWhen: z.array(z.string()).default([]),
  /** Only a trusted route decides; an untrusted one is recorded. */
  trusted: z.boolean(),
  /** Leaks of this route known from before the migration are a baseline, not a breach. */
  leakedBefore: z.boolean().default(false),
  /** What the route answers without a tenant when it is well. */
  refusesWithoutTenant: statusList.optional(),
});
export type RouteConfig = z.infer<typeof route>;

/** How the application is asked, once for the unified and once for the legacy version: they differ. */
const probeSet = z.strictObject({
  health: z.strictObject({
    ...request.shape,
    /** JSON path that is `true` while the application has its database, whatever the status: `$.database.connected`. */
    databaseConnected: z.string().startsWith('$').optional(),
  }),
  /** What is asked through the balancer, where that does not let `health` through to the application. */
  balancer: request.optional(),
  routes: z.array(route).default([]),
  login: z
    .strictObject({
      path: z.string().startsWith('/'),
      /** Body with `{email}`, `{password}` and `{tenant}` replaced. */
      body: z.record(z.string(), z.string()),
      tokenPath: z.string().startsWith('$').default('$.token'),
      /** Whether a login leaves something behind in the database, as most do: then it counts as a write of rollbackd's own. */
      writes: z.boolean().default(true),
      /** How long a token is used again before the next login. */
      reuse: durationOrZero.prefault('30m'),
      /** Least time between two logins of one tenant. */
      every: durationOrZero.prefault('1m'),
      /** How many tenants log in before traffic is let in; the others follow in the watch. */
      sample: z.int().positive().optional(),
    })
    .optional(),
  /** A document created and deleted again as each tenant, before traffic; off unless written here. */
  creates: z
    .strictObject({
      path: z.string().startsWith('/'),
      body: z.record(z.string(), z.unknown()),
      /** Field of the body that takes any words: one is added that no other document has, so that a killed run finds its own again. */
      markIn: z.string().min(1),
      idField: z.string().default('_id'),
      delete: z.string().includes('{id}'),
      expectStatus: statusList.default([200, 201]),
    })
    .optional(),
});
export type ProbeSet = z.infer<typeof probeSet>;

export const probesSchema = z.strictObject({
  tenantHeader: z.string().default('x-tenant-slug'),
  timeout: duration.prefault('5s'),
  healthEvery: duration.prefault('10s'),
  isolationEvery: duration.prefault('30s'),
  mongoEvery: duration.prefault('15s'),
  tenantsEvery: duration.prefault('5m'),
  controlEvery: duration.prefault('5s'),
  /** How often the access log is read on. */
  requestsEvery: duration.prefault('5s'),
  /** One request as one tenant on one route, in turn. */
  syntheticEvery: duration.prefault('5s'),
  /** Addresses that answer TCP while this machine's network is well: the observer's own eyesight. */
  controlEndpoints: z.array(z.strictObject({ host: z.string(), port: z.int() })).default([]),
  /** How many questions may be under way at once. */
  concurrency: z.int().positive().default(4),
  unified: probeSet,
  legacy: probeSet,
});
export type ProbesConfig = z.infer<typeof probesSchema>;

export const tenantSchema = z.strictObject({
  slug: z.string().min(1),
  /** Written where a tenant has no legacy database, such as one that joined after the cut-over. */
  legacyDatabase: z.literal('none').optional(),
  login: z.strictObject({ email: z.string(), password: secret }).optional(),
});

export const targetSchema = z.strictObject({
  /** One name a target on this host: the host lock is taken on it. */
  name: z.string().regex(/^[a-z0-9-]+$/, 'small letters, digits and hyphens only'),
  /** The application's own port. */
  applicationUrl: httpUrl,
  /** The same application through the balancer. */
  publicUrl: httpUrl,
  tenants: z.array(tenantSchema).min(1),
});
export type TargetConfig = z.infer<typeof targetSchema>;
