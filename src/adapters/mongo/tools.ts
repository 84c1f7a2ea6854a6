import { chmod, mkdir, readdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { explain } from '../../core/errors.ts';
import { redact } from '../../core/redaction.ts';
import type { RunCommand } from '../../exec/contract.ts';
import type { Obstacle } from '../../model/obstacle.ts';
import type { DumpSource, MongoTools } from './contract.ts';
import { collectionsInDump, type DumpedCollection } from './dumped-collections.ts';
import { withPasswordFile } from './password-file.ts';
import { expectWritable } from './restore-scope.ts';
import type { MongoConfig, MongoLogin, MongoServer } from './schema.ts';
import { connectionArguments, dumpArguments, type RestoreRequest, restoreArguments } from './tool-arguments.ts';
import { keepOutput } from './tool-output.ts';
import { dumpReport, failed, restoreReport, type ToolName, toolNames } from './tool-reports.ts';

export interface MongoToolsOptions {
  readonly config: MongoConfig;
  readonly run: RunCommand;
  /** For looking: on nobody's record. */
  readonly readOnly: RunCommand;
  /** Passwords lie in it while a program runs. It is this daemon's alone. */
  readonly passwordFolder: string;
}

interface Invocation {
  readonly tool: ToolName;
  readonly program: string;
  readonly server: MongoServer;
  readonly login: MongoLogin | undefined;
  readonly details: readonly string[];
}

/** Enough for the reason, not for the whole output. */
const TOLD_LINES = 5;
const ENVIRONMENT = { PATH: '/usr/bin:/bin', LC_ALL: 'C' };
const SHOWN_PASSWORD_FILE = '[file with the password]';

export function createMongoTools(options: MongoToolsOptions): MongoTools {
  const { config } = options;
  return {
    obstacles: async (signal) =>
      (await Promise.all(toolNames.map((tool) => whyNot(tool, options, signal)))).filter(
        (found) => found !== undefined,
      ),
    async dump(source, into, signal) {
      const { database } = source;
      await makeRoom(database, into);
      const lines = await invoke(dumping(config, source, into), options, signal);
      const written = await collectionsInDump(into, database, false);
      // It does not speak of views.
      return dumpReport(lines, database, namesOf(written.filter(({ hasDocuments }) => hasDocuments)));
    },
    async restore(request, signal) {
      expectWritable(config, request.database, request.collections);
      const expected = await expectedCollections(request);
      const lines = await invoke(restoring(config, request, expected), options, signal);
      return restoreReport(lines, request.database, namesOf(expected));
    },
    describeDump: (source, into) => [commandLine(dumping(config, source, into))],
    describeRestore: (root, database, details) => [
      commandLine(restoring(config, { root, database, gzip: false, ...details })),
    ],
  };
}

async function whyNot(
  tool: ToolName,
  { config, readOnly }: MongoToolsOptions,
  signal: AbortSignal,
): Promise<Obstacle | undefined> {
  const program = config.tools[tool];
  const said = (what: string) => ({
    what: `mongo.tools.${tool} ${program} ${what}`,
    mend: `install the MongoDB database tools, and name ${tool} there`,
  });
  const command = { program, arguments: ['--version'], environment: ENVIRONMENT, timeoutMs: config.operationTimeout };
  try {
    const { exitCode, stdout } = await readOnly(command, signal);
    return exitCode === 0 && stdout.startsWith(`${tool} version`)
      ? undefined
      : said(`is no ${tool}: it says no version`);
  } catch (error) {
    signal.throwIfAborted();
    return said(`cannot be run: ${explain(error)}`);
  }
}

const dumping = ({ tools, users, ...servers }: MongoConfig, source: DumpSource, into: string): Invocation => ({
  tool: 'mongodump',
  program: tools.mongodump,
  server: servers[source.side],
  login: users?.dumper,
  details: dumpArguments(source, into),
});

const restoring = (
  { tools, users, legacy }: MongoConfig,
  request: RestoreRequest,
  held?: readonly DumpedCollection[],
): Invocation => ({
  tool: 'mongorestore',
  program: tools.mongorestore,
  server: legacy,
  login: users?.restorer,
  details: restoreArguments(request, held),
});

const commandLine = ({ program, server, login, details }: Invocation): string =>
  [program, ...connectionArguments(server, login, SHOWN_PASSWORD_FILE), ...details].join(' ');

/** The tool's reports, given that it said it succeeded. */
async function invoke(
  { tool, program, server, login, details }: Invocation,
  { config, run, passwordFolder }: MongoToolsOptions,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const { onLine, reports, tail } = keepOutput();
  const runWith = (passwordFile: string) => {
    const command = {
      program,
      arguments: [...connectionArguments(server, login, passwordFile), ...details],
      environment: ENVIRONMENT,
      timeoutMs: config.toolTimeout,
      onLine,
    };
    return run(command, signal);
  };
  const { exitCode } = await (login ? withPasswordFile(passwordFolder, login.password, runWith) : runWith(''));
  if (exitCode !== 0) throw failed(tool, `ended with code ${exitCode}: ${lastWords(tail)}`);
  return reports;
}

/** A dump holds customers' data; an earlier attempt's is kept, since it may be the only copy, but out of the way. */
async function makeRoom(database: string, into: string): Promise<void> {
  await mkdir(into, { recursive: true, mode: 0o700 });
  await chmod(into, 0o700);
  if (!(await readdir(into)).includes(database)) return;
  const aside = `${into}.superseded-${new Date().toISOString().replaceAll(':', '')}`;
  await mkdir(aside, { mode: 0o700 });
  await rename(join(into, database), join(aside, database));
}

const namesOf = (collections: readonly DumpedCollection[]): string[] => collections.map(({ name }) => name).sort();

/** Where nothing lies for it, mongorestore would restore nothing and call that a success. */
async function expectedCollections(request: RestoreRequest): Promise<readonly DumpedCollection[]> {
  const { root, gzip, database, collections } = request;
  const found = await collectionsInDump(root, database, gzip);
  const absent = collections?.filter((wanted) => !found.some(({ name }) => name === wanted)) ?? [];
  if (found.length > 0 && absent.length === 0)
    return collections ? found.filter(({ name }) => collections.includes(name)) : found;
  const what =
    found.length === 0 ? `${gzip ? 'compressed ' : ''}dump of "${database}"` : `dump of ${absent.join(', ')}`;
  throw failed('mongorestore', `was not started: there is no ${what} in ${root}`);
}

const lastWords = (lines: readonly string[]): string =>
  redact(lines.slice(-TOLD_LINES).join(' | ')) || 'without a word';
