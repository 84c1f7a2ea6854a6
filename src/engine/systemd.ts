import type { Logger } from 'pino';
import { explain } from '../core/errors.ts';
import { createReadOnlyCommand } from '../exec/run-command.ts';

/**
 * Tells systemd that the daemon is ready. Node has no datagram sockets of the Unix family, so its own tool does it.
 * A daemon that systemd does not hear of watches all the same.
 */
export async function readyForSystemd(environment: NodeJS.ProcessEnv, log: Pick<Logger, 'warn'>): Promise<void> {
  const { NOTIFY_SOCKET, PATH = '/usr/bin:/bin' } = environment;
  if (NOTIFY_SOCKET === undefined) return;
  const failure = await notify({ PATH, NOTIFY_SOCKET }).catch(explain);
  if (failure) log.warn({ reason: failure }, 'systemd was not told that rollbackd is ready');
}

/** Why it did not work; nothing where it did. */
async function notify(environment: Readonly<Record<string, string>>): Promise<string | undefined> {
  const command = { program: 'systemd-notify', arguments: ['--ready'], environment, timeoutMs: 5_000 };
  const { exitCode, stderr } = await createReadOnlyCommand()(command, new AbortController().signal);
  return exitCode === 0 ? undefined : `systemd-notify ended with code ${exitCode}: ${stderr.trim() || 'silent'}`;
}
