import { Command } from 'commander';
import { defaultConfigFile } from '../config/default-file.ts';
import { RollbackdError } from '../core/errors.ts';
import { configuredHttp } from './configured-http.ts';
import { type Terminal, writeLines } from './terminal.ts';

interface Options {
  readonly config: string;
  readonly ready?: true;
}

/** Longer, and whoever asks regularly would ask twice at once. */
const answersWithinMs = 5_000;

/** For supervisors that can start a program but not ask by HTTP, such as the HEALTHCHECK of a container. */
export const healthCommand = (terminal: Terminal): Command =>
  new Command('health')
    .option('--config <file>', 'configuration file that names doors.http', defaultConfigFile(terminal.environment))
    .option('--ready', 'whether it can see, judge and act, too')
    .action(async ({ config, ready }: Options) => {
      const url = `${configuredHttp(config, terminal.environment)}/${ready ? 'readyz' : 'healthz'}`;
      const response = await ask(url, terminal.signal);
      const said = `${response.status} ${await response.text()}`;
      if (!response.ok)
        throw new RollbackdError('unwell', `${url} answers ${said}`, { remedy: 'see `rollbackd status`' });
      writeLines(terminal, [said]);
    });

async function ask(url: string, signal: AbortSignal): Promise<Response> {
  try {
    return await fetch(url, { signal: AbortSignal.any([signal, AbortSignal.timeout(answersWithinMs)]) });
  } catch (cause) {
    throw new RollbackdError('not-running', `nothing answers at ${url}`, {
      remedy: 'start it with `rollbackd run`; if it runs, its loop is held up: start it anew',
      cause,
    });
  }
}
