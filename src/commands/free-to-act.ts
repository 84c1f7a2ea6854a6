import type { DaemonState } from '../incident/daemon-state.ts';
import type { CommandContext } from './context.ts';
import { CommandRefused } from './refusal.ts';

type Standing = Pick<CommandContext, 'memory' | 'clock'>;

/** The pause that holds now: one that has expired is none. */
export function pauseInForce({ memory, clock }: Standing): DaemonState['paused'] {
  const { paused } = memory.state();
  return paused && clock.now() < paused.until ? paused : undefined;
}

/** Errors: `paused`, saying by whom. */
export function refuseWhilePaused(context: Standing): void {
  const paused = pauseInForce(context);
  if (!paused) return;
  const until = new Date(paused.until).toISOString();
  throw new CommandRefused('paused', `acting is paused by ${paused.person} until ${until}: ${paused.reason}`, {
    remedy: `ask ${paused.person}, then \`rollbackd unpause\``,
  });
}

/** Errors: `run-under-way`. */
export function refuseWhileBusy({ runs }: Pick<CommandContext, 'runs'>): void {
  if (!runs.busy) return;
  throw new CommandRefused('run-under-way', 'a run is under way', { remedy: 'follow it with `rollbackd status`' });
}
