import { askAt } from './cli/ask.ts';
import { runCommandLine } from './cli/program.ts';
import { printable } from './core/printable.ts';

const stopping = new AbortController();
// Once: a second signal ends the process at once.
for (const name of ['SIGINT', 'SIGTERM'] as const) {
  process.once(name, () => stopping.abort(new Error(`stopped by ${name}`)));
}

await runCommandLine(process.argv.slice(2), {
  environment: process.env,
  write: (text) => void process.stdout.write(printable(text)),
  writeError: (text) => void process.stderr.write(printable(text)),
  ask: askAt(process, stopping.signal),
  setExitCode: (code) => {
    process.exitCode = code;
  },
  signal: stopping.signal,
  onHangup: (listener) => void process.on('SIGHUP', listener),
  onFault: (listener) => {
    process.on('unhandledRejection', listener);
    process.on('uncaughtException', listener);
  },
});
