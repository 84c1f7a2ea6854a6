import type { HealthValues } from '../../model/observation.ts';
import { type BalancerStanding, balancerSays, isFault, worded } from './balancer.ts';
import { neighbourhood } from './limits.ts';
import { servedDuring } from './served.ts';
import type { ControlLook, HealthLook, Timed, Windows } from './windows.ts';

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

export function sightsOf(windows: Windows, from: number, now: number): Sight[] {
  const around: Surroundings = { windows, range: neighbourhood(windows.limits.controlEvery), now };
  return windows.health
    .filter((look) => look.at >= from)
    .map((look) => ({ at: look.at, end: look.at + look.tookMs, ...judged(look, around) }));
}

interface Surroundings {
  readonly windows: Windows;
  readonly range: number;
  readonly now: number;
}

function judged(look: HealthLook, { windows, range, now }: Surroundings) {
  const { values, balancer: standing } = look;
  if (!values) return { sight: 'blind', vantage: 'the health probe was blind' } as const;
  const vantage = secondVantage(values, standing);
  if (values.application.outcome === 'up') return { sight: 'up', vantage: vantage.said } as const;
  const eyes = eyesight(look, windows.control, range, now);
  if (eyes !== 'well') return { sight: eyes, vantage: 'the control probe did not see well' } as const;
  if (servedDuring(windows.served, look.at, look.at + look.tookMs)) {
    return { sight: 'disputed', vantage: `${vantage.said}; trusted routes hand out documents meanwhile` } as const;
  }
  return { sight: vantage.agrees ? 'down' : 'disputed', vantage: vantage.said } as const;
}

/** An answer that does not come is the target's fault only if the observer saw well just before and just after. */
export function eyesight({ at, tookMs }: Timed, control: readonly ControlLook[], range: number, now: number) {
  const end = at + tookMs;
  const after = indexFrom(control, end);
  const before = indexFrom(control, at + 1) - 1;
  const witnesses = control.slice(Math.max(before, 0), after + 1);
  if (witnesses.some((witness) => !witness.well)) return 'blind';
  const first = control[before];
  const last = control[after];
  if (!first || at - first.at > range) return 'blind';
  if (last) return last.at - end > range ? 'blind' : 'well';
  return now - end > range ? 'blind' : 'unsettled';
}

/** Index of the first look at or after `time`. */
export function indexFrom(looks: readonly ControlLook[], time: number): number {
  let low = 0;
  let high = looks.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((looks[middle]?.at ?? time) < time) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * The process table, the port or the way through the balancer must agree that the application is down. Whoever answers
 * below 500 is alive, only not as expected: then there must be no process, or nobody on the port.
 */
function secondVantage({ application, balancer, vantage }: HealthValues, standing: BalancerStanding) {
  const { processes, listening } = vantage;
  const through = balancerSays(balancer, standing);
  const faulty = application.outcome === 'up' || isFault(application);
  const said = [
    ...(processes ? [`processes online ${processes.online}/${processes.expected}`] : []),
    ...(listening === undefined ? [] : [listening ? 'port listening' : 'port not listening']),
    through.said,
    ...(faulty ? [] : [`the application itself answers (${worded(application)})`]),
  ];
  const missing = processes !== undefined && processes.online < (faulty ? processes.expected : 1);
  return { agrees: missing || listening === false || (faulty && through.agrees), said: said.join(', ') };
}
