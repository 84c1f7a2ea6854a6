import { z } from 'zod';
import { duration, durationOrZero, jsonPath, text, urlPath } from '../../core/scalars.ts';
import { headers, request, statusList } from '../request/schema.ts';

const body = z.record(z.string(), z.unknown());

const undo = z.strictObject({
  path: urlPath.describe('Path that is asked, with a variable in it that the same step saves.'),
  method: z.enum(['DELETE', 'POST', 'PUT', 'PATCH']).default('DELETE').describe('Method of the question.'),
  headers: headers.describe('Headers of the question.'),
  body: body.optional().describe('Body of the question, as JSON. Left out, there is none.'),
  expectStatus: statusList
    .default([200, 202, 204, 404, 410])
    .describe('The statuses that prove that it is gone, also when a step has deleted it already.'),
});

const step = z.strictObject({
  name: text.describe('Name of the step in messages; no two of one journey have the same.'),
  ...request.shape,
  path: urlPath.describe('Path that is asked through the balancer, with variables.'),
  method: request.shape.method.describe(
    'Method of the question. Any but `GET` and `HEAD` needs `changesNothing: true`, or `writes: true` of the journey.',
  ),
  headers: headers.describe('Headers besides the one that names the tenant, with variables.'),
  body: body.optional().describe('Body of the question, as JSON, with variables. Left out, there is none.'),
  expectJson: request.shape.expectJson.describe(
    'What a good answer holds: JSON path and value, such as `$.success: true`, with variables.',
  ),
  save: z
    .record(z.string().regex(/^\w+$/, 'must be letters, digits and _'), jsonPath)
    .default({})
    .describe(
      'Variables for later steps: name, and the JSON path of the first text, number or truth value that it is. An answer without it is no good one.',
    ),
  login: z
    .boolean()
    .default(false)
    .describe(
      'Whether the step logs in: what it saves is used again instead, by every journey that logs in the same way.',
    ),
  reuse: durationOrZero.prefault('30m').describe('Only with `login`: how long what it saved is used again.'),
  every: durationOrZero
    .prefault('1m')
    .describe('Only with `login`: least time between two logins of one tenant. Sooner, the journey says nothing.'),
  undo: undo
    .optional()
    .describe(
      'Only of a step that creates: how that is taken away again, at the end and also when a later step has failed.',
    ),
});
export type JourneyStep = z.infer<typeof step>;

export const journeySchema = z.strictObject({
  name: text.describe('Name of the journey in messages; no two of one version have the same.'),
  critical: z
    .boolean()
    .default(true)
    .describe('Whether its failing is a breakage of the application. Otherwise it is only told.'),
  every: duration.prefault('1m').describe('How often it is made, each time as the next tenant.'),
  timeout: duration.prefault('30s').describe('How long it may take in all. One that takes longer has failed.'),
  tenants: z
    .array(text)
    .min(1)
    .optional()
    .describe('As whom it is made, in turn. Left out, as all of `target.tenants` that have the login it needs.'),
  writes: z
    .boolean()
    .default(false)
    .describe('Whether it changes something: only in `probes.legacy`, since production is not written to.'),
  steps: z
    .array(step)
    .min(1)
    .describe(
      'What a user does, in order, until a step is not answered as expected. `{tenant}`, `{email}` and `{password}` stand for those of `target.tenants`, `{mark}` for a word that is new each time, and whatever an earlier step has saved for that.',
    ),
});
export type JourneyConfig = z.infer<typeof journeySchema>;
