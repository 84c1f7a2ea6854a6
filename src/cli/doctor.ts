import { Argument, Command } from 'commander';
import { defaultConfigFile } from '../config/default-file.ts';
import { RollbackdError } from '../core/errors.ts';
import type { SlackFinding } from '../doors/slack/doctor.ts';
import { type Terminal, writeLines } from './terminal.ts';

const words = { well: 'well', fault: 'FAULT', unknown: 'unknown' } as const;

/** `rollbackd doctor slack`: everything that asking in Slack depends on. Needs no daemon, and disturbs none. */
export const doctorCommand = (terminal: Terminal): Command =>
  new Command('doctor')
    .addArgument(new Argument('<part>', 'what to look at').choices(['slack']))
    .option('--config <file>', 'configuration file', defaultConfigFile(terminal.environment))
    .action(async (_part: string, { config }: { config: string }) => {
      const findings = await examine(config, terminal);
      writeLines(terminal, findings.map(lineOf));
      terminal.setExitCode(findings.some(({ outcome }) => outcome === 'fault') ? 1 : 0);
    });

const lineOf = ({ outcome, what, text }: SlackFinding): string =>
  `${words[outcome].padEnd(8)}${what.padEnd(12)}${text}`;

async function examine(file: string, { environment }: Terminal): Promise<readonly SlackFinding[]> {
  const { faultText, loadConfig } = await import('../config/load.ts');
  const loaded = loadConfig(file, environment);
  if (loaded.status === 'invalid') {
    throw new RollbackdError('config-invalid', loaded.faults.map(faultText).join('\n'), {
      remedy: 'mend it and see with `rollbackd check`',
    });
  }
  const { notify, doors, people } = loaded.config;
  if (!notify.slack) {
    throw new RollbackdError('not-configured', `${file} has no notify.slack`, { remedy: 'see docs/slack.md' });
  }
  const { examineSlack } = await import('../doors/slack/doctor.ts');
  return examineSlack({ slack: notify.slack, door: doors.slack, people });
}
