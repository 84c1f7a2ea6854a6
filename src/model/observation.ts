import { z } from 'zod';
import { requestSlot } from './request-slot.ts';

export const probeName = z.enum([
  'control',
  'health',
  'isolation',
  'mongo',
  'tenants',
  'requests',
  'synthetic',
  'prometheus',
  'journeys',
]);
export type ProbeName = z.infer<typeof probeName>;

/** One HTTP question to the target: `up` when status and body were as expected. */
export const answer = z.strictObject({
  outcome: z.enum(['up', 'down']),
  why: z.enum(['ok', 'status', 'body', 'timeout', 'refused', 'reset', 'other']),
  status: z.number().int().optional(),
  tookMs: z.number(),
  /** What the answer says about the application's database, where it is asked for that. */
  database: z.enum(['connected', 'disconnected']).optional(),
});
export type Answer = z.infer<typeof answer>;

/** The application asked on its own port, through the balancer, and looked at from outside HTTP. */
export const healthValues = z.strictObject({
  /** Which question was asked through the balancer: answers to another one say nothing about it. */
  asked: z.string().optional(),
  application: answer,
  balancer: answer,
  vantage: z.strictObject({
    processes: z.strictObject({ online: z.number().int(), expected: z.number().int() }).optional(),
    listening: z.boolean().optional(),
  }),
});
export type HealthValues = z.infer<typeof healthValues>;

/** A document served to `tenant` although its owners do not include that tenant. */
export const foreignDocument = z.strictObject({ id: z.string(), owners: z.array(z.string()) });
export type ForeignDocument = z.infer<typeof foreignDocument>;

/** One question asked as one tenant on one trusted or untrusted route. */
export const isolationValues = z.strictObject({
  tenant: z.string(),
  route: z.string(),
  ask: z.enum(['own-list', 'foreign-id', 'no-tenant']),
  /** Which way the question went; absent: to the application's own port. */
  via: z.literal('balancer').optional(),
  trusted: z.boolean(),
  /** How many document ids of the answer had a known owner: zero proves nothing. */
  checked: z.number().int(),
  /** How many documents the answer held, of known owner or not. */
  documents: z.number().int().optional(),
  foreign: z.array(foreignDocument),
});
export type IsolationValues = z.infer<typeof isolationValues>;

/** What the two database sides say when asked directly. */
export const mongoValues = z.strictObject({
  unified: z.enum(['reachable', 'unreachable', 'login-refused']),
  legacy: z.enum(['reachable', 'unreachable', 'login-refused']),
  /** The legacy server accepts writes: it is primary or standalone, and not read-only. */
  legacyWritable: z.boolean(),
  connections: z.strictObject({ current: z.number().int(), available: z.number().int() }).optional(),
});
export type MongoValues = z.infer<typeof mongoValues>;

/** Tenants by source, where the sources disagree. */
export const tenantsValues = z.strictObject({
  tenants: z.array(
    z.strictObject({ slug: z.string(), knownTo: z.array(z.string()), missingFrom: z.array(z.string()) }),
  ),
});
export type TenantsValues = z.infer<typeof tenantsValues>;

/** What the balancer has written down of real requests since the last look; rollbackd's own and maintenance answers left out. */
export const requestsValues = z.strictObject({
  slots: z.array(requestSlot),
  /** Connections to the application's port that are open now: silence in the log while they are is not quiet. */
  openUpstream: z.int().optional(),
  /** What about the log is hardly meant so, in words. */
  doubts: z.array(z.string()).optional(),
});
export type RequestsValues = z.infer<typeof requestsValues>;

/** rollbackd's own requests as each tenant in turn: where there are no real ones, and to compare. */
export const syntheticValues = z.strictObject({ slots: z.array(requestSlot) });

/** What Prometheus answered to the configured queries. One that answered nothing usable stands in `unusable`, with the reason. */
export const prometheusValues = z.strictObject({
  series: z.array(
    z.strictObject({
      query: z.string(),
      /** A share of failed requests, or a duration in ms. */
      measure: z.enum(['error-rate', 'latency']),
      /** Absent: of the whole application. */
      tenant: z.string().optional(),
      route: z.string().optional(),
      value: z.number(),
    }),
  ),
  unusable: z.array(z.strictObject({ query: z.string(), reason: z.string() })),
  /** Names of the configured alerts that fire: a second vantage, never a reason by themselves. */
  firing: z.array(z.string()).optional(),
});
export type PrometheusValues = z.infer<typeof prometheusValues>;

/** One journey as one tenant: what a user does, step by step. */
export const journeysValues = z.strictObject({
  journey: z.string(),
  tenant: z.string(),
  /** `inconclusive`: it says nothing, for example since the log-in is limited (429). */
  outcome: z.enum(['passed', 'failed', 'inconclusive']),
  /** The step that did not pass, and why. */
  step: z.string().optional(),
  reason: z.string().optional(),
});
export type JourneysValues = z.infer<typeof journeysValues>;

export const controlValues = z.strictObject({ loopDelayMs: z.number() });

const head = { at: z.number().int(), tookMs: z.number() };
const observed = <N extends ProbeName, V extends z.ZodType>(probe: N, values: V) =>
  z.strictObject({ ...head, probe: z.literal(probe), status: z.literal('observed'), values });

/**
 * What a probe saw, or that it could not see. `unobserved` means that the observer itself was blind:
 * it never counts as a breach and never as a pass.
 */
export const observation = z.discriminatedUnion('status', [
  z.discriminatedUnion('probe', [
    observed('control', controlValues),
    observed('health', healthValues),
    observed('isolation', isolationValues),
    observed('mongo', mongoValues),
    observed('tenants', tenantsValues),
    observed('requests', requestsValues),
    observed('synthetic', syntheticValues),
    observed('prometheus', prometheusValues),
    observed('journeys', journeysValues),
  ]),
  z.strictObject({ ...head, probe: probeName, status: z.literal('unobserved'), reason: z.string() }),
]);
export type Observation = z.infer<typeof observation>;

export type Observed<N extends ProbeName> = Extract<Observation, { probe: N; status: 'observed' }>;

/** What each line of a recording is, for whoever writes one. */
export const observationSchema = () => ({
  ...z.toJSONSchema(observation),
  title: 'rollbackd observation, version 1',
});
