import { z } from 'zod';
import { duration, httpUrl, secret, text } from '../../core/scalars.ts';

const query = z.strictObject({
  name: text.describe('Name of the query in messages; no two have the same.'),
  measure: z
    .enum(['error-rate', 'latency'])
    .describe(
      'What the query yields: `error-rate` is the share of failed requests from 0 to 1, `latency` a duration in seconds.',
    ),
  query: text.describe('The query in PromQL, for one moment. It yields one series, or one for each tenant or route.'),
  tenantLabel: text
    .optional()
    .describe('Label whose value is the tenant, as `target.tenants` names it. Left out, the query is not by tenant.'),
  routeLabel: text.optional().describe('Label whose value is the route. Left out, the query is not by route.'),
  newest: text
    .optional()
    .describe(
      'A query in PromQL for the Unix time of the newest sample behind `query`, such as `max(timestamp(http_requests_total))`. Left out, `timestamp(...)` of the query itself is asked, which sees the age of a recorded series and not that of what `rate` has added up.',
    ),
});
export type PrometheusQuery = z.infer<typeof query>;

export const prometheusSchema = z.strictObject({
  url: httpUrl.describe('Address of Prometheus, or of what answers as it does, without `/api/v1`.'),
  every: duration.prefault('15s').describe('How often the queries are asked.'),
  timeout: duration.prefault('5s').describe('How long one query may take.'),
  oldest: duration
    .prefault('2m')
    .describe("How old a sample may be, by Prometheus's own clock. An older one says nothing about now."),
  authorization: secret
    .optional()
    .describe('The whole `Authorization` header, such as `Bearer ...`. Left out, none is sent.'),
  headers: z
    .record(z.string(), z.string())
    .default({})
    .describe('Further headers, such as the one by which a shared server tells its users apart.'),
  queries: z.array(query).min(1).describe('What is asked.'),
  alerts: z
    .array(text)
    .default([])
    .describe(
      'Names of alerts of this Prometheus. Which of them fire is recorded with each look; nothing is decided by it.',
    ),
});
export type PrometheusConfig = z.infer<typeof prometheusSchema>;
