import { z } from 'zod';
import { duration, durationOrZero, httpUrl, jsonPath, secret, text, urlPath } from '../core/scalars.ts';
import { journeySchema } from './journeys/schema.ts';
import { prometheusSchema } from './prometheus/schema.ts';
import { headers, request, statusList } from './request/schema.ts';

const health = z.strictObject({
  ...request.shape,
  databaseConnected: jsonPath
    .optional()
    .describe(
      'Where the answer, whatever its status, says `true` while the application has its database, such as `$.database.connected`. Left out, it does not tell.',
    ),
});

const paging = z.strictObject({
  pageParameter: text.default('page').describe('Parameter with the number of the page.'),
  firstPage: z.int().nonnegative().default(1).describe('Number of the first page.'),
  sizeParameter: text
    .optional()
    .describe('Parameter with the number of documents on a page. Left out, it is not asked for.'),
  size: z.int().positive().default(50).describe('Number of documents on a page.'),
  maxPages: z.int().positive().default(1).describe('How many pages one look reads.'),
});

const route = z.strictObject({
  name: text.describe('Name of the route in messages; no two of one version have the same.'),
  list: urlPath.describe("Path that answers a tenant's documents."),
  one: z
    .string()
    .includes('{id}')
    .optional()
    .describe(
      "Path that answers one document, with `{id}` in it. It is asked for other tenants' documents. Left out, that is not tried.",
    ),
  documents: jsonPath.default('$[*]').describe('Where the documents stand in the answer, such as `$.data[*]`.'),
  idField: z.string().default('_id').describe('Field with the id of a document in the answer, such as `id`.'),
  storedIdField: text
    .optional()
    .describe(
      'Field of the database that holds what the answer shows in `idField`, such as `_id` where the answer says `id`. Left out, it has the same name.',
    ),
  tenantField: text
    .optional()
    .describe(
      'Field of the answer that names the tenant, where the application tells it. It is checked, but has no effect yet.',
    ),
  paging: paging
    .optional()
    .describe(
      'How a long list is read page by page: `?page=2&limit=50`. It is checked, but has no effect yet: one answer is read.',
    ),
  headers: headers.describe('Headers besides the one that names the tenant.'),
  needsLogin: z
    .boolean()
    .default(false)
    .describe(
      "Whether the route answers only after a login. It has no effect yet but that rollbackd's own requests (`probes.syntheticEvery`, `rollbackd baseline`) leave the route out.",
    ),
  collection: text.describe('Collection in which the ids are looked up, to see whose documents they are.'),
  sameWhen: z
    .array(z.string())
    .default([])
    .describe(
      "Fields that make two documents the same to a reader: equal ones in several tenants are nobody's secret. Without any, only the id counts.",
    ),
  trusted: z.boolean().describe('Whether the route decides; what an untrusted one shows is only recorded.'),
  leakedBefore: z
    .boolean()
    .default(false)
    .describe('Whether leaks of this route are known from before the migration: then they are no breach.'),
  refusesWithoutTenant: statusList
    .optional()
    .describe('With which statuses the route refuses whoever names no tenant. Left out, that is not tried.'),
});
export type RouteConfig = z.infer<typeof route>;

const login = z.strictObject({
  path: urlPath.describe('Path of the login, which is asked by POST.'),
  body: z
    .record(z.string(), z.string())
    .describe('Body of the request; `{email}`, `{password}` and `{tenant}` in it are replaced.'),
  tokenPath: jsonPath.default('$.token').describe('Where the token stands in the answer.'),
  writes: z
    .boolean()
    .default(true)
    .describe(
      "Whether a login leaves something behind in the database, as most do: a write of rollbackd's own. It is checked, but has no effect yet.",
    ),
  reuse: durationOrZero
    .prefault('30m')
    .describe('How long a token is used again before the next login. It is checked, but has no effect yet.'),
  every: durationOrZero
    .prefault('1m')
    .describe('Least time between two logins of one tenant. It is checked, but has no effect yet.'),
  sample: z
    .int()
    .positive()
    .optional()
    .describe(
      'How many of `target.tenants`, from the first on, log in before traffic is let in. Left out, all do. The others are not logged in later yet.',
    ),
});

const creates = z.strictObject({
  path: urlPath.describe('Path to which the document is posted.'),
  body: z.record(z.string(), z.unknown()).describe('The document.'),
  markIn: text.describe(
    'Text field of `body` that takes any words: one is added that no other document has, so that a killed run finds its own again.',
  ),
  idField: z.string().default('_id').describe('Field of the answer with the id, such as `data._id`.'),
  delete: z.string().includes('{id}').describe('Path by which the document is deleted, with `{id}` in it.'),
  expectStatus: statusList.default([200, 201]).describe('The statuses of a good answer to the creation.'),
});

const probeSet = z.strictObject({
  health: health.describe(
    'The question whether the application is well, on its own port and, without `balancer`, through the balancer too.',
  ),
  balancer: request
    .optional()
    .describe(
      'What is asked through the balancer, where that does not let `health` through to the application. Left out, `health` is.',
    ),
  routes: z
    .array(route)
    .default([])
    .describe(
      "Where one tenant could be handed another's documents. Without a trusted one a leak is never decided on, and `probes.legacy` needs one, to prove which database is read.",
    ),
  login: login
    .optional()
    .describe(
      'How a tenant logs in. Only that of `probes.legacy` is used: before traffic is let in, for tenants of `target.tenants` that have a login.',
    ),
  creates: creates
    .optional()
    .describe(
      'A document that is created and deleted again as each tenant that has logged in, before traffic is let in: only in `probes.legacy`, since production is not written to. Left out, nothing is created.',
    ),
  journeys: z
    .array(journeySchema)
    .default([])
    .describe('What a user does, step by step, through the balancer (docs/sources.md).'),
});
export type ProbeSet = z.infer<typeof probeSet>;

const endpoint = z.strictObject({
  host: z.string().describe('Name or address of the machine.'),
  port: z.int().min(1).max(65_535).describe('Its TCP port.'),
});

export const probesSchema = z.strictObject({
  tenantHeader: z.string().default('x-tenant-slug').describe('Header that names the tenant in a question.'),
  timeout: duration.prefault('5s').describe('How long one question may take.'),
  givenUpAfter: duration
    .prefault('2s')
    .describe(
      'From which wait on a real request that its client gave up (499) counts as failed: a user who waited this long and gave up was failed. One that was given up sooner is counted apart, as neither well nor failed.',
    ),
  healthEvery: duration
    .prefault('10s')
    .describe('How often it is asked whether the application is well, with a look at its processes and its port.'),
  isolationEvery: duration.prefault('30s').describe('How often each route is asked as each tenant.'),
  isolationThroughBalancerEvery: durationOrZero
    .prefault('5m')
    .describe(
      'How often the list of each route that decides is asked through the balancer too, as each tenant right after the other: that is how a cache is caught which hands one tenant the answer to another. `0s` switches it off.',
    ),
  leakBurst: z
    .int()
    .nonnegative()
    .default(24)
    .describe(
      "How many times at most the same question is asked again at once when another tenant's document came back, up to the next such document: an application of which one process in eight leaks is so proven in seconds.",
    ),
  mongoEvery: duration.prefault('15s').describe('How often the MongoDB servers are asked, past the application.'),
  tenantsEvery: duration
    .prefault('5m')
    .describe('How often the tenants of configuration, unified list, legacy databases and backup are compared.'),
  controlEvery: duration
    .prefault('5s')
    .describe('How often rollbackd looks at itself: whether it is held up, and whether `controlEndpoints` answer.'),
  requestsEvery: duration.prefault('5s').describe('How often the access log is read on.'),
  syntheticEvery: duration
    .prefault('5s')
    .describe("How often one request of rollbackd's own is made, as each tenant on each route in turn."),
  prometheus: prometheusSchema
    .optional()
    .describe(
      'A Prometheus that knows how many requests fail and how long they take (docs/sources.md). Left out, none is asked.',
    ),
  controlEndpoints: z
    .array(endpoint)
    .default([])
    .describe(
      "Addresses that answer TCP while this machine's own network is well. Without any, an outage of this machine looks like one of the target.",
    ),
  concurrency: z.int().positive().default(4).describe('How many questions to routes may be under way at once.'),
  unified: probeSet.describe('How the unified version is asked.'),
  legacy: probeSet.describe(
    'How the legacy version is asked, which may lack what the unified one has: in the checks of a rollback, and after it.',
  ),
});
export type ProbesConfig = z.infer<typeof probesSchema>;

const tenant = z.strictObject({
  slug: text.describe('What the application calls the tenant in its requests.'),
  legacyDatabase: z
    .literal('none')
    .optional()
    .describe(
      'Written where a tenant has no legacy database, such as one that joined after the cut-over: a rollback has nothing to give back. Left out, `mongo.legacyDatabases` names one for it.',
    ),
  login: z
    .strictObject({
      email: z.string().describe('What stands for `{email}` in the login.'),
      password: secret.describe('What stands for `{password}` in the login.'),
    })
    .optional()
    .describe('A user of the tenant, for the functional tests and for journeys. Left out, nobody logs in for it.'),
});

export const targetSchema = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z0-9-]+$/, 'small letters, digits and hyphens only')
    .describe(
      'One name for each target on this host, in small letters, digits and hyphens: a second daemon for it is refused. A change takes a restart.',
    ),
  applicationUrl: httpUrl.describe("Address of the application's own port."),
  publicUrl: httpUrl.describe('Address of the same application through the balancer.'),
  tenants: z
    .array(tenant)
    .min(1)
    .describe(
      'The tenants as which the application is asked. `status` says where those that rollbackd finds elsewhere differ.',
    ),
});
export type TargetConfig = z.infer<typeof targetSchema>;
