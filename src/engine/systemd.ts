import { createReadOnlyCommand } from '../exec/run-command.ts';

/** Tells systemd that the daemon is ready. Node has no datagram sockets of the Unix family, so its own tool does it. */
export async function readyForSystemd(environment: NodeJS.ProcessEnv): Promise<void> {
  const { NOTIFY_SOCKET, PATH = '/usr/bin:/bin' } = environment;
  if (NOTIFY_SOCKET === undefined) return;
  const command = {
    program: 'systemd-notify',
    arguments: ['--ready'],
    environment: { PATH, NOTIFY_SOCKET },
    timeoutMs: 5_000,
  };
  await createReadOnlyCommand()(command, new AbortController().signal);
}
