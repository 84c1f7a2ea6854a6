import { setTimeout as delay } from 'node:timers/promises';
import { RollbackdError } from '../core/errors.ts';
import type { RunView, SocketClient } from '../doors/socket/client.ts';
import { stepLine } from './print/run.ts';
import { type Terminal, writeLines } from './terminal.ts';

const pollMs = 500;

/** Prints each step of a run as it ends, until the run does. Errors: `run-failed`, `run-lost`. */
export async function follow(client: Pick<SocketClient, 'status'>, id: string, terminal: Terminal): Promise<void> {
  const told = new Set<string>();
  for (;;) {
    const { run } = await client.status();
    if (run?.run !== id) throw new RollbackdError('run-lost', `${id} is not the newest run any more`);
    tellEnded(run, told, terminal);
    if (run.status === 'succeeded') return;
    if (run.status !== 'running') {
      throw new RollbackdError('run-failed', `${id} has ${run.status}: ${run.reason ?? 'no reason known'}`, {
        remedy: 'mend it, then `rollbackd resume`',
      });
    }
    await delay(pollMs, undefined, { signal: terminal.signal });
  }
}

function tellEnded({ steps }: RunView, told: Set<string>, terminal: Terminal): void {
  for (const step of steps) {
    const key = `${step.id} ${step.attempt}`;
    if ((step.status !== 'succeeded' && step.status !== 'failed') || told.has(key)) continue;
    told.add(key);
    writeLines(terminal, [stepLine(step)]);
  }
}
