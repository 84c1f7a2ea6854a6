import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { RollbackdError } from '../../core/errors.ts';
import type { DatabaseAddress, EnvAdapter } from './contract.ts';
import { parseMongodbUri } from './mongodb-uri.ts';
import { type EnvValue, parseDotenv, unclear } from './parse-dotenv.ts';
import { keepCopy, replaceFile } from './replace-file.ts';
import { replacementObstacles } from './replaceable.ts';
import type { EnvConfig } from './schema.ts';

type Side = 'current' | 'legacy';

export function dotenvAdapter({ config }: { config: EnvConfig }): EnvAdapter {
  const fileOf = (side: Side): string => (side === 'current' ? config.file : config.legacyFile);
  const valuesOf = async (side: Side) => parseDotenv((await readEnvFile(fileOf(side))).toString('utf8'));
  return {
    async addresses(side) {
      const values = await valuesOf(side);
      const named = config.uriVariables.filter((variable) => isSet(values.get(variable)));
      // The unified version may read fewer variables than the legacy one, which needs all of them.
      const missing = config.uriVariables.filter((variable) => !named.includes(variable));
      if (named.length === 0 || (side === 'legacy' && missing.length > 0)) throw variableMissing(fileOf(side), missing);
      const database = databaseIn(fileOf(side), config, values);
      return named.map((variable) => ({ ...addressIn(fileOf(side), variable, values.get(variable)), ...database }));
    },
    async values(side, names) {
      const values = await valuesOf(side);
      return Object.fromEntries(names.map((name) => [name, clearValue(fileOf(side), name, values.get(name))]));
    },
    replacementObstacles: () => replacementObstacles(config.file, config.legacyFile),
    async switchToLegacy(keepIn) {
      const legacy = await readEnvFile(config.legacyFile);
      const current = await readIfThere(config.file);
      if (current?.equals(legacy)) return;
      if (current !== undefined) await keepCopy(current, keepIn, basename(config.file));
      await replaceFile(config.file, legacy, current === undefined ? config.legacyFile : config.file);
    },
    async isLegacy() {
      const legacy = await readEnvFile(config.legacyFile);
      return (await readIfThere(config.file))?.equals(legacy) ?? false;
    },
  };
}

/** What is named beside the addresses holds for all of them. */
function databaseIn(
  file: string,
  { databaseVariable: name }: EnvConfig,
  values: ReadonlyMap<string, EnvValue>,
): { readonly database?: string } {
  const database = name === undefined ? undefined : clearValue(file, name, values.get(name))?.trim();
  if (!database) return {};
  if (/[$/\\. "]/.test(database))
    throw unparsable(file, `${name} is no name of a database that can be read without guessing`);
  return { database };
}

const isSet = (value: EnvValue | undefined): boolean => value !== undefined && value !== '';

function addressIn(file: string, variable: string, value: EnvValue | undefined): DatabaseAddress {
  const address = parseMongodbUri(clearValue(file, variable, value) ?? '');
  if (address !== undefined) return { variable, ...address };
  throw unparsable(file, `${variable} is not a MongoDB URI that can be read without guessing`);
}

function clearValue(file: string, variable: string, value: EnvValue | undefined): string | undefined {
  if (value === unclear) throw unparsable(file, `the quotes around ${variable} do not match`);
  return value;
}

async function readIfThere(file: string): Promise<Buffer | undefined> {
  return await readFile(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw notReadable(file, error);
  });
}

async function readEnvFile(file: string): Promise<Buffer> {
  const contents = await readIfThere(file);
  if (contents !== undefined) return contents;
  throw new RollbackdError('env-missing', `${file} is not there`, { remedy: 'make it, or correct its path under env' });
}

const notReadable = (file: string, cause: Error) =>
  new RollbackdError('env-missing', `${file} cannot be read: ${cause.message}`, {
    remedy: "let rollbackd's user read it",
    cause,
  });

const variableMissing = (file: string, missing: readonly string[]) =>
  new RollbackdError('env-variable-missing', `${file} does not set ${missing.join(' and ')}`, {
    remedy: 'set it there, or correct env.uriVariables',
  });

const unparsable = (file: string, what: string) =>
  new RollbackdError('env-unparsable', `${file}: ${what}`, {
    remedy: 'write NAME=mongodb://..., all in one value, without references to other variables',
  });
