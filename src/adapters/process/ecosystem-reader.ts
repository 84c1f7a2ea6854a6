import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { RollbackdError } from '../../core/errors.ts';
import type { RunCommand } from '../../exec/contract.ts';

/** The names that pm2 would find in an ecosystem file, or why it would find none, with the code of Node's error where that has one. */
export type EcosystemReading =
  | { readonly apps: readonly string[] }
  | { readonly failure: string; readonly code?: string | undefined };

export interface EcosystemReader {
  readonly readOnly: RunCommand;
  readonly node: string;
  readonly program: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly workingDirectory: string;
  readonly timeoutMs: number;
  /** What pm2's own command would be given, since such a file may look at it. */
  readonly arguments: readonly string[];
}

/**
 * pm2's own code reads it, whatever its version. Only names and the first line of an error come out: the rest may be secret.
 * pm2's check of the definitions is left out: it installs packages that they ask for.
 */
const READER = `
process.execArgv.length = 0;
const fs = require('node:fs'), path = require('node:path');
const [marker, file] = process.argv.splice(2, 2);
const say = (what) => { fs.writeSync(1, '\\n' + marker + JSON.stringify(what) + '\\n'); process.exit(0); };
let pm2;
try { pm2 = require(path.join(path.dirname(fs.realpathSync(process.argv[1])), '../lib/Common.js')); } catch { say(null); }
const nameOf = (app) => {
  const script = app.script || app.cmd || app.command;
  const named = { name: app.name, script };
  if (script) pm2.renderApplicationName(named);
  return String(named.name) + (app.append_env_to_name ? ' (with append_env_to_name)' : '');
};
try {
  const read = pm2.parseConfig(fs.readFileSync(file), file);
  const apps = [].concat(read.apps || read.pm2 || read).filter((app) => app.name || app.script || app.cmd || app.command);
  const pages = (read.static || []).map(({ name, port }) => name || 'static-page-server-' + port);
  say({ apps: [...apps.map(nameOf), ...pages] });
} catch (error) {
  const line = /:(\\d+)$/.exec(String(error && error.stack).split('\\n')[0]);
  say({ failure: String(error).split('\\n')[0] + (line ? ' (line ' + line[1] + ')' : ''), code: error && error.code });
}
`;

const answer = z.union([
  z.null(),
  z.object({ apps: z.array(z.string()) }),
  z.object({ failure: z.string(), code: z.string().optional().catch(undefined) }),
]);

/** Undefined where pm2 has no such code beside its program. */
export async function readEcosystem(
  { readOnly, node, program, environment, workingDirectory, timeoutMs, arguments: given }: EcosystemReader,
  file: string,
  signal: AbortSignal,
): Promise<EcosystemReading | undefined> {
  const marker = randomUUID();
  const command = { program: node, arguments: ['-e', READER, program, marker, file, ...given] };
  try {
    const result = await readOnly({ ...command, environment, workingDirectory, timeoutMs }, signal);
    const said = result.stdout.split('\n').findLast((line) => line.startsWith(marker));
    if (said !== undefined) return answer.parse(JSON.parse(said.slice(marker.length))) ?? undefined;
    // A Node that does nothing is told by who tries pm2's command.
    return result.exitCode === 0 ? undefined : { failure: `it ended who reads it, with code ${result.exitCode}` };
  } catch (error) {
    if (!(error instanceof RollbackdError) || error.reason !== 'timed-out') throw error;
    return { failure: `it was not loaded within ${timeoutMs} ms` };
  }
}
