import { setTimeout as pause } from 'node:timers/promises';
import { isRunning } from '../workspace/process-identity.ts';
import { lastLines, type RunningProcess } from './start-process.ts';

const POLL_MS = 20;

/** Polls a server that is starting; fails early, with its own last words, when it ends instead. */
export async function waitUntilReady(
  server: RunningProcess,
  isReady: () => Promise<boolean>,
  timeoutMs = 30_000,
): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  while (!(await isReady())) {
    if (!isRunning(server))
      throw new Error(`process ${server.pid} ended while starting:\n${lastLines(server.logFile)}`);
    if (performance.now() > deadline) throw new Error(`process ${server.pid} is not ready after ${timeoutMs} ms`);
    await pause(POLL_MS);
  }
}
