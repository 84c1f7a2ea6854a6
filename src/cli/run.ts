import { Command } from 'commander';
import { defaultConfigFile } from '../config/default-file.ts';
import { explain, RollbackdError } from '../core/errors.ts';
import type { Daemon } from '../daemon.ts';
import type { Terminal } from './terminal.ts';

export const runCommand = (terminal: Terminal): Command =>
  new Command('run')
    .option('--config <file>', 'configuration file', defaultConfigFile(terminal.environment))
    .action(({ config }: { config: string }) => runDaemon(config, terminal));

async function runDaemon(configFile: string, terminal: Terminal): Promise<void> {
  const { environment, signal, onHangup, onFault, writeError } = terminal;
  const started = Promise.withResolvers<Daemon>();
  let reloading = Promise.resolve();
  // From the first moment on: a hangup that nobody hears ends the process, and one during the start counts once it is over.
  // One after the other: each replaces what the last one made.
  onHangup(() => {
    reloading = reloading
      .then(async () => await (await started.promise).reload())
      .catch((error: unknown) => writeError(`rollbackd: the reload failed: ${explain(error)}\n`));
  });
  const slip = Promise.withResolvers<{ readonly fault: unknown }>();
  onFault((fault) => slip.resolve({ fault }));
  const { startDaemon } = await import('../daemon.ts');
  await using daemon = await startDaemon({ configFile, environment });
  started.resolve(daemon);
  const ending = await Promise.race([aborted(signal), slip.promise]);
  if (!ending) return;
  // What is built on it cannot be trusted any more; the journal can.
  daemon.fail(ending.fault);
  throw new RollbackdError('fault', `rollbackd met a fault that nobody had thought of: ${explain(ending.fault)}`, {
    remedy: 'its supervisor starts it again; report the fault with the log',
  });
}

const aborted = (signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
