import type { Verdict } from '../model/verdict.ts';
import type { DaemonState, RunState } from './daemon-state.ts';
import { breachesIn } from './news.ts';
import { modeInForce } from './read-state.ts';

/** Whether a prepared rollback may stop the application: `wait` where it cannot be told yet. */
export type LastWord =
  | { readonly word: 'go' }
  | { readonly word: 'wait'; readonly reason: string }
  | { readonly word: 'off'; readonly reason: string };

const go: LastWord = { word: 'go' };
const off = (reason: string): LastWord => ({ word: 'off', reason });

/**
 * Asked right before the first step that stops the application: a preparation takes minutes, and a crash in it hours.
 * A person's own rollback needs no breach; an approved one is called off where what was in breach is clear again, and not
 * where that is in doubt: people see what rollbackd cannot, and trouble that has driven everybody away leaves nothing to
 * measure. One that the daemon began alone goes on only under the power it began with, and where the breach is seen now.
 */
export function lastWord(state: DaemonState, run: RunState, verdicts: readonly Verdict[], now: number): LastWord {
  const { paused } = state;
  if (paused && now < paused.until) return off(`${paused.person} paused acting: ${paused.reason}`);
  if (run.authority.by === 'person') return go;
  const alone = run.authority.by === 'daemon';
  if (alone && modeInForce(state, now) !== 'armed') return off('rollbackd is not armed any more');
  const incident = run.incident === undefined ? undefined : state.incidents.get(run.incident);
  if (!incident) return off('its incident is not known');
  // Stopped by us already: what it shows now proves nothing about what it was stopped for.
  if (incident.containment.state !== 'none' && incident.containment.state !== 'released') return go;
  const asked = incident.frozen ? breachesIn(incident.frozen.decision).map(({ criterion }) => criterion) : [];
  const present = verdicts.filter(({ criterion }) => asked.includes(criterion));
  if (present.some(({ verdict }) => verdict === 'breach')) return go;
  if (present.length > 0 && present.every(({ verdict }) => verdict === 'clear')) {
    return off(`what was in breach is clear again (${present.map(({ reason }) => reason).join('; ')})`);
  }
  return alone ? { word: 'wait', reason: present.map(({ reason }) => reason).join('; ') } : go;
}
