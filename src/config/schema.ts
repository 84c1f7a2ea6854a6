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
import { guardSchema, rulesSchema } from '../rules/schema.ts';
import { watchSchema } from '../watch/schema.ts';

export const configSchema = z.strictObject({
  target: targetSchema,
  migration: z.strictObject({ cutoverAt: instant }),
  /** How much the daemon may do until a person arms it. */
  mode: z.enum(['observe', 'approve']).default('observe'),
  /** Containment of a leak without asking: a switch of its own. */
  containment: z.enum(['automatic', 'ask']).default('ask'),
  mongo: mongoSchema,
  backup: backupSchema,
  baseline: baselineSchema.prefault({}),
  process: processSchema,
  traffic: trafficSchema,
  code: codeSchema,
  env: envSchema,
  dependencies: dependenciesSchema,
  logs: logsSchema,
  probes: probesSchema,
  rules: rulesSchema.prefault({}),
  guard: guardSchema,
  rollback: rollbackSchema,
  watch: watchSchema,
  notify: notifySchema.prefault({}),
  people: peopleSchema,
  doors: doorsSchema,
  state: z.strictObject({
    /** Folder of the journal and the recorder. */
    folder: absolutePath,
    /** Folder of the host lock, the same for every daemon on this host. */
    lockFolder: absolutePath.default('/var/lock/rollbackd'),
    recorderLimit: size.prefault('256MiB'),
  }),
  log: z.strictObject({ level: z.enum(['debug', 'info', 'warn', 'error']).default('info') }).prefault({}),
});
export type Config = z.infer<typeof configSchema>;
