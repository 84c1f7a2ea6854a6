import { Command } from 'commander';
import { defaultConfigFile } from '../config/default-file.ts';
import { explain } from '../core/errors.ts';
import type { Terminal } from './terminal.ts';

export const runCommand = (terminal: Terminal): Command =>
  new Command('run')
    .option('--config <file>', 'configuration file', defaultConfigFile(terminal.environment))
    .action(({ config }: { config: string }) => runDaemon(config, terminal));

async function runDaemon(configFile: string, { environment, signal, onHangup, writeError }: Terminal): Promise<void> {
  let reload = async () => {};
  let reloading = Promise.resolve();
  // From the first moment on: a hangup that nobody hears ends the process. One after the other: each replaces what the last one made.
  onHangup(() => {
    reloading = reloading
      .then(() => reload())
      .catch((error: unknown) => writeError(`rollbackd: the reload failed: ${explain(error)}\n`));
  });
  const { startDaemon } = await import('../daemon.ts');
  await using daemon = await startDaemon({ configFile, environment });
  reload = () => daemon.reload();
  await aborted(signal);
}

const aborted = (signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
