import { z } from 'zod';
import { rollbackSchema } from '../actions/schema.ts';
import { codeSchema } from '../adapters/code/schema.ts';
import { dependenciesSchema } from '../adapters/dependencies/schema.ts';
import { envSchema } from '../adapters/env/schema.ts';
import { logsSchema } from '../adapters/logs/schema.ts';
import { mongoSchema } from '../adapters/mongo/schema.ts';
import { processSchema } from '../adapters/process/schema.ts';
import { trafficSchema } from '../adapters/traffic/schema.ts';
import { backupSchema } from '../backup/schema.ts';
import { baselineSchema } from '../baseline/schema.ts';
import { absolutePath, instant, size } from '../core/scalars.ts';
import { doorsSchema, peopleSchema } from '../doors/schema.ts';
import { notifySchema } from '../notify/schema.ts';
import { probesSchema, targetSchema } from '../probes/schema.ts';
import { reportSchema } from '../report/schema.ts';
import { guardSchema, rulesSchema } from '../rules/schema.ts';
import { watchSchema } from '../watch/schema.ts';

export const configSchema = z.strictObject({
  target: targetSchema.describe('The application that is guarded.'),
  migration: z
    .strictObject({
      cutoverAt: instant.describe(
        'From this moment on the unified system took writes. While it lies in the future rollbackd cannot be armed; a local time carries its own offset, since `Z` is UTC.',
      ),
    })
    .describe('The migration that may have to be taken back.'),
  mode: z
    .enum(['observe', 'approve'])
    .default('observe')
    .describe(
      'How much rollbackd may do until a person arms it (`rollbackd arm`): `observe` says what it would have done, `approve` asks a person before every rollback. To raise it takes a restart.',
    ),
  containment: z
    .enum(['automatic', 'ask'])
    .default('ask')
    .describe(
      'Whether the application is stopped at a leak without asking (`automatic`), in any mode but `observe`. With `ask` a leak is never rolled back alone either.',
    ),
  mongo: mongoSchema.describe('MongoDB: servers, users, databases, and the programs that dump and restore.'),
  backup: backupSchema.describe('What a rollback restores from.'),
  baseline: baselineSchema
    .prefault({})
    .describe('What was good: how fast the legacy system was, and how its documents became unified ones.'),
  process: processSchema.describe("The application's processes."),
  traffic: trafficSchema.describe('The balancer in front of the application.'),
  code: codeSchema.describe("The application's code, and the last good state of it."),
  env: envSchema.describe("The application's environment file."),
  dependencies: dependenciesSchema.describe("The application's packages."),
  logs: logsSchema.describe("The application's logs, which are read after a rollback has started it."),
  probes: probesSchema.describe('How the application is asked, and how often.'),
  rules: rulesSchema.prefault({}).describe('When something is wrong.'),
  guard: guardSchema.describe('Under which conditions rollbackd may act alone.'),
  rollback: rollbackSchema.describe('Where a rollback writes, and how its result is judged.'),
  watch: watchSchema.describe('The hours after a rollback.'),
  notify: notifySchema.prefault({}).describe('Who gets messages, besides the log.'),
  report: reportSchema.prefault({}).describe('What is told at fixed times.'),
  people: peopleSchema.describe(
    'Who may give commands and answer. At least one of them is a senior engineer or the on-call lead and has a `uid`: else nobody could approve in a critical breach.',
  ),
  doors: doorsSchema.describe('Where commands, clicks and questions come in. A change takes a restart.'),
  state: z
    .strictObject({
      folder: absolutePath.describe(
        'Folder of the journal and of what the probes saw. It must lie apart from checkout, backup and `code.releases`, and not inside `rollback.evidenceFolder`.',
      ),
      lockFolder: absolutePath
        .default('/var/lock/rollbackd')
        .describe('Folder of the lock by which each target has one daemon: the same for every daemon on this host.'),
      recorderLimit: size
        .prefault('256MiB')
        .describe('How much of what the probes saw is kept on the disk, and no longer than seven days.'),
    })
    .describe('What rollbackd remembers. A change takes a restart.'),
  log: z
    .strictObject({
      level: z
        .enum(['debug', 'info', 'warn', 'error'])
        .default('info')
        .describe('The least important lines that are written.'),
    })
    .prefault({})
    .describe("rollbackd's own log."),
});
export type Config = z.infer<typeof configSchema>;
