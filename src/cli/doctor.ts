import { Argument, Command } from 'commander';
import { defaultConfigFile } from '../config/default-file.ts';
import type { Config } from '../config/schema.ts';
import { RollbackdError } from '../core/errors.ts';
import { obstacleInWords } from '../model/obstacle.ts';
import { type Terminal, writeLines } from './terminal.ts';

const parts = ['target', 'slack'] as const;
type Part = (typeof parts)[number];

interface Finding {
  readonly outcome: 'well' | 'fault' | 'unknown';
  readonly what: string;
  readonly text: string;
}

const words = { well: 'well', fault: 'FAULT', unknown: 'unknown' } as const;

/** `rollbackd doctor`: whatever a rollback, and asking in Slack, depend on. Needs no daemon, and disturbs none. */
export const doctorCommand = (terminal: Terminal): Command =>
  new Command('doctor')
    .addArgument(new Argument('[part]', 'what to look at alone').choices(parts))
    .option('--config <file>', 'configuration file', defaultConfigFile(terminal.environment))
    .action(async (part: Part | undefined, options: { config: string }) => {
      const findings = await examine(part, await configured(options.config, terminal), options.config);
      writeLines(terminal, findings.map(lineOf));
      terminal.setExitCode(findings.some(({ outcome }) => outcome === 'fault') ? 1 : 0);
    });

const lineOf = ({ outcome, what, text }: Finding): string => `${words[outcome].padEnd(8)}${what.padEnd(12)}${text}`;

async function configured(file: string, { environment }: Terminal): Promise<Config> {
  const { faultText, loadConfig } = await import('../config/load.ts');
  const loaded = loadConfig(file, environment);
  if (loaded.status === 'valid') return loaded.config;
  throw new RollbackdError('config-invalid', loaded.faults.map(faultText).join('\n'), {
    remedy: 'mend it and see with `rollbackd check`',
  });
}

async function examine(part: Part | undefined, config: Config, file: string): Promise<readonly Finding[]> {
  const withSlack = part === 'slack' || (part === undefined && config.notify.slack !== undefined);
  return [
    ...(part === 'slack' ? [] : await examineTarget(config)),
    ...(withSlack ? await examineSlack(config, file) : []),
  ];
}

async function examineTarget(config: Config): Promise<readonly Finding[]> {
  const { examinedTarget } = await import('../engine/examined-target.ts');
  const obstacles = await examinedTarget(config);
  if (obstacles.length === 0) return [{ outcome: 'well', what: 'target', text: 'nothing stands in the way of a run' }];
  return obstacles.map((obstacle) => ({ outcome: 'fault', what: 'target', text: obstacleInWords(obstacle) }));
}

async function examineSlack({ notify, doors, people }: Config, file: string): Promise<readonly Finding[]> {
  if (!notify.slack) {
    throw new RollbackdError('not-configured', `${file} has no notify.slack`, { remedy: 'see docs/slack.md' });
  }
  const { examineSlack: examine } = await import('../doors/slack/doctor.ts');
  return examine({ slack: notify.slack, door: doors.slack, people });
}
