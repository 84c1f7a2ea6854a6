import { z } from 'zod';
import { absolutePath, duration, size, urlPath } from '../core/scalars.ts';

export const rollbackSchema = z.strictObject({
  evidenceFolder: absolutePath.describe(
    "Folder for the snapshots and replaced files of each run: customer data, readable by rollbackd's user alone; nothing deletes it. It must lie apart from checkout, backup and `code.releases`.",
  ),
  freezeFile: absolutePath.describe(
    'File that is there while the rolled-back code must not be deployed over: deployment scripts look for it, and a person deletes it.',
  ),
  keepFree: size
    .prefault('1GiB')
    .describe("Free space that must remain on each disk, mongod's too, after everything is stored."),
  fenceQuiet: duration
    .prefault('2s')
    .describe('How long no write may reach the unified and the legacy databases before nobody counts as writing.'),
  livenessTimeout: duration
    .prefault('90s')
    .describe('How long the application may take after its start until it answers as expected, also at a release.'),
  settle: duration
    .prefault('5s')
    .describe('How long the application is left to warm up before it is judged; no process may restart meanwhile.'),
  responseTimeLimit: duration
    .prefault('100ms')
    .describe('What ten requests through the balancer may take on average after a rollback (runbook 5.4).'),
  responseTimePath: urlPath.describe(
    'Path that these ten requests ask, as each tenant in turn; an answer of 400 or above fails the check.',
  ),
});
export type RollbackConfig = z.infer<typeof rollbackSchema>;
