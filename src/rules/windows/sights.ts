import type { HealthValues } from '../../model/observation.ts';
import { neighbourhood } from './limits.ts';
import type { ControlLook, HealthLook, Windows } from './windows.ts';

/**
 * What one look at the application proves. `disputed`: our own question failed, and nothing else says so;
 * `blind`: the observer could not see; `unsettled`: the control probe has not looked since.
 */
export interface Sight {
  readonly at: number;
  readonly end: number;
  readonly sight: 'up' | 'down' | 'disputed' | 'blind' | 'unsettled';
  /** What the other vantage points said about it. */
  readonly vantage: string;
}

export function sightsOf({ health, control, limits }: Windows, from: number, now: number): Sight[] {
  const range = neighbourhood(limits.controlEvery);
  return health
    .filter((look) => look.at >= from)
    .map((look) => ({ at: look.at, end: look.at + look.tookMs, ...judged(look, control, range, now) }));
}

function judged(look: HealthLook, control: readonly ControlLook[], range: number, now: number) {
  if (!look.values) return { sight: 'blind', vantage: 'the health probe was blind' } as const;
  const vantage = secondVantage(look.values);
  if (look.values.application.outcome === 'up') return { sight: 'up', vantage: vantage.said } as const;
  const eyes = eyesight(look, control, range, now);
  if (eyes !== 'well') return { sight: eyes, vantage: 'the control probe did not see well' } as const;
  return { sight: vantage.agrees ? 'down' : 'disputed', vantage: vantage.said } as const;
}

/** An answer that does not come is the target's fault only if the observer saw well just before and just after. */
function eyesight(look: HealthLook, control: readonly ControlLook[], range: number, now: number) {
  const end = look.at + look.tookMs;
  const after = indexFrom(control, end);
  const before = indexFrom(control, look.at + 1) - 1;
  const witnesses = control.slice(Math.max(before, 0), after + 1);
  if (witnesses.some((witness) => !witness.well)) return 'blind';
  const first = control[before];
  const last = control[after];
  if (!first || look.at - first.at > range) return 'blind';
  if (last) return last.at - end > range ? 'blind' : 'well';
  return now - end > range ? 'blind' : 'unsettled';
}

/** Index of the first look at or after `time`. */
function indexFrom(looks: readonly ControlLook[], time: number): number {
  let low = 0;
  let high = looks.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((looks[middle]?.at ?? time) < time) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The process table, the port and the way through the balancer: one of them must agree that the application is down. */
function secondVantage({ balancer, vantage }: HealthValues): { agrees: boolean; said: string } {
  const { processes, listening } = vantage;
  const said = [
    ...(processes ? [`processes online ${processes.online}/${processes.expected}`] : []),
    ...(listening === undefined ? [] : [listening ? 'port listening' : 'port not listening']),
    `${balancer.outcome} through the balancer`,
  ];
  const missing = processes !== undefined && processes.online < processes.expected;
  return { agrees: missing || listening === false || balancer.outcome === 'down', said: said.join(', ') };
}
