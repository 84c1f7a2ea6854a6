import { z } from 'zod';
import { jsonPath, urlPath } from '../../core/scalars.ts';

export const statusList = z.array(z.int().min(100).max(599)).min(1);
export const headers = z.record(z.string(), z.string()).default({});

/** One question to the application. */
export const request = z.strictObject({
  path: urlPath.describe('Path that is asked.'),
  method: z
    .enum(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'])
    .default('GET')
    .describe('Method of the question. Any but `GET` and `HEAD` needs `changesNothing: true`.'),
  changesNothing: z
    .boolean()
    .default(false)
    .describe('Says that somebody has made sure that this question changes nothing, whatever its method.'),
  headers: headers.describe('Headers of the question.'),
  expectStatus: statusList.default([200]).describe('The statuses of a good answer.'),
  expectJson: z
    .record(jsonPath, z.union([z.string(), z.number(), z.boolean()]))
    .default({})
    .describe('What a good answer holds: JSON path and value, such as `$.database.connected: true`.'),
});
export type RequestConfig = z.infer<typeof request>;
