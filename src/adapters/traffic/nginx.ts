import { randomBytes } from 'node:crypto';
import { explain, RollbackdError } from '../../core/errors.ts';
import { redact } from '../../core/redaction.ts';
import type { CommandResult, RunCommand } from '../../exec/contract.ts';
import { maintenanceHeader, type TrafficAdapter, type TrafficState } from './contract.ts';
import { readInclude, writeInclude } from './include-file.ts';
import type { TrafficConfig } from './schema.ts';

export interface NginxAccess {
  readonly config: TrafficConfig;
  readonly run: RunCommand;
}

const ENVIRONMENT = { PATH: '/usr/local/sbin:/usr/sbin:/sbin:/usr/local/bin:/usr/bin:/bin', LC_ALL: 'C' };
const TEST = ['-t'];
const RELOAD = ['-s', 'reload'];

/** An nginx that includes one file of ours in the application's server block. */
export function nginxAdapter({ config, run }: NginxAccess): TrafficAdapter {
  const maintenance = (marker: string) =>
    `add_header ${maintenanceHeader} ${marker} always;\nreturn ${config.maintenanceStatus};\n`;
  return {
    showMaintenance: (signal) => apply(maintenance(randomBytes(8).toString('hex')), config, run, signal),
    serve: (signal) => apply('', config, run, signal),
    state: async () => stateOf(await readInclude(config.maintenanceFile), config),
    describe: (what) => [
      `write "${what === 'serve' ? '' : maintenance('<random>').trim().replace('\n', ' ')}" to ${config.maintenanceFile}`,
      commandLine(config, TEST).join(' '),
      commandLine(config, RELOAD).join(' '),
    ],
  };
}

/** Also where the file says it already: an earlier reload may have failed after the file was written. */
async function apply(content: string, config: TrafficConfig, run: RunCommand, signal: AbortSignal): Promise<void> {
  const before = await readInclude(config.maintenanceFile);
  await writeInclude(config.maintenanceFile, content);
  try {
    const tested = await nginx(TEST, config, run, signal);
    // Whatever ends with 0 and does not say this is no nginx.
    if (!tested.stderr.includes('test is successful'))
      throw failed(config, TEST, 'it does not say that the test is successful');
    await nginx(RELOAD, config, run, signal);
  } catch (failure) {
    // So that the file keeps saying what is in force, and nginx can still be started.
    await writeInclude(config.maintenanceFile, before);
    throw failure;
  }
}

async function nginx(
  action: readonly string[],
  config: TrafficConfig,
  run: RunCommand,
  signal: AbortSignal,
): Promise<CommandResult> {
  const [program = '', ...args] = commandLine(config, action);
  const command = { program, arguments: args, environment: ENVIRONMENT, timeoutMs: config.timeout };
  const result = await run(command, signal).catch((cause: unknown) => {
    throw failed(config, action, explain(cause), cause);
  });
  if (result.exitCode === 0) return result;
  const said = redact(result.stderr.split('\n').slice(-3).join(' '));
  throw failed(config, action, `it ended with code ${result.exitCode}: ${said}`);
}

const failed = (config: TrafficConfig, action: readonly string[], what: string, cause?: unknown) =>
  new RollbackdError('traffic', `"${commandLine(config, action).join(' ')}" failed: ${what}`, {
    remedy: 'correct the configuration of nginx, or start it; the include is as it was before.',
    cause,
  });

const commandLine = ({ command, prefix, configFile }: TrafficConfig, action: readonly string[]) => [
  ...command,
  '-p',
  prefix,
  '-c',
  configFile,
  ...action,
];

/** Anything else than our own lines, a lone `return` or nothing is somebody else's, and what it does is unknown. */
function stateOf(content: string, { maintenanceFile, maintenanceStatus }: TrafficConfig): TrafficState {
  const directives = content.replace(/#.*$/gm, '').trim();
  if (directives === '') return { shows: 'application' };
  const found = maintenanceLines.exec(directives);
  if (!found) {
    throw new RollbackdError(
      'traffic',
      `${maintenanceFile} holds something else than "return ${maintenanceStatus};".`,
      {
        remedy: 'the file is for rollbackd alone: move what is in it elsewhere and leave it empty.',
      },
    );
  }
  const [, value] = found;
  return { shows: 'maintenance', ...(value !== undefined && { marker: { header: maintenanceHeader, value } }) };
}

/** With `always`, since nginx adds a header to a 503 only then. */
const maintenanceLines = new RegExp(
  `^(?:add_header\\s+${maintenanceHeader}\\s+(\\w+)\\s+always\\s*;\\s*)?return\\s+[45]\\d\\d\\b[^;]*;$`,
);
