import { Command } from 'commander';
import { defaultConfigFile } from '../config/default-file.ts';
import type { SocketClient } from '../doors/socket/client.ts';
import { type Terminal, writeLines } from './terminal.ts';

/** Where the daemon is to be found, as the options say. */
export interface Whereabouts {
  readonly socket?: string;
  readonly config: string;
}

/** A command that speaks with a running daemon. */
export const daemonCommand = (name: string, { environment }: Terminal): Command =>
  new Command(name)
    .option('--socket <path>', "the daemon's socket; else $ROLLBACKD_SOCKET, else as configured")
    .option('--config <file>', 'configuration file that names the socket', defaultConfigFile(environment));

export async function reach(where: Whereabouts, terminal: Terminal): Promise<SocketClient> {
  const [{ connectTo }, path] = await Promise.all([import('../doors/socket/client.ts'), socketPath(where, terminal)]);
  return connectTo(path, terminal.signal);
}

async function socketPath({ socket, config }: Whereabouts, { environment }: Terminal): Promise<string> {
  const named = socket ?? environment.ROLLBACKD_SOCKET;
  if (named) return named;
  const { configuredSocket } = await import('./configured-socket.ts');
  return configuredSocket(config, environment);
}

type Name = Parameters<SocketClient['command']>[0];

/** Gives the command and prints what came of it. */
export async function give(
  terminal: Terminal,
  where: Whereabouts,
  name: Name,
  args: Readonly<Record<string, unknown>>,
): Promise<void> {
  const client = await reach(where, terminal);
  printResult(terminal, await client.command(name, args));
}

export const printResult = (
  terminal: Terminal,
  { text, notes }: { readonly text: string; readonly notes: readonly string[] },
): void => writeLines(terminal, [text, ...notes.map((note) => `  note: ${note}`)]);
