import type { HealthValues } from '../../model/observation.ts';
import { eyesight } from '../samples/eyesight.ts';
import { neighbourhood } from '../samples/limits.ts';
import type { HealthLook, Samples } from '../samples/samples.ts';
import { type BalancerStanding, balancerSays, isFault, worded } from './balancer.ts';
import { servedDuring } from './served.ts';

/**
 * What one look at the application proves. `contradicted`: our own question failed, and users were served all the same;
 * `disputed`: it failed, and nothing else says that the application is down; `blind`: rollbackd could not see;
 * `unsettled`: it has not looked at itself since.
 */
export interface Sight {
  readonly at: number;
  readonly end: number;
  readonly sight: 'up' | 'down' | 'contradicted' | 'disputed' | 'blind' | 'unsettled';
  /** What the other vantage points said about it. */
  readonly vantage: string;
}

export function sightsOf(samples: Samples, served: number, from: number, now: number): Sight[] {
  const around: Surroundings = { samples, served, range: neighbourhood(samples.limits.controlEvery), now };
  return samples.health.filter((look) => look.at >= from).map((look) => sightOf(look, around));
}

const ups = new WeakMap<HealthLook, Sight>();

/** Looks are judged in every round. What found it up stays so, whatever else is seen. */
function sightOf(look: HealthLook, around: Surroundings): Sight {
  const known = ups.get(look);
  if (known) return known;
  const sight = { at: look.at, end: look.at + look.tookMs, ...judged(look, around) };
  if (sight.sight === 'up') ups.set(look, sight);
  return sight;
}

interface Surroundings {
  readonly samples: Samples;
  /** Least share of real requests that must go well for users to count as served. */
  readonly served: number;
  readonly range: number;
  readonly now: number;
}

function judged(look: HealthLook, { samples, served, range, now }: Surroundings) {
  const { values, balancer: standing } = look;
  if (!values) return { sight: 'blind', vantage: 'the health probe was blind' } as const;
  const vantage = secondVantage(values, standing);
  if (values.application.outcome === 'up') return { sight: 'up', vantage: vantage.said } as const;
  const eyes = eyesight(look, samples.control, range, now);
  if (eyes !== 'well') return { sight: eyes, vantage: 'the control probe did not see well' } as const;
  const users = servedDuring(samples, look.at, look.at + look.tookMs, served);
  if (users) return { sight: 'contradicted', vantage: `${vantage.said}; but ${users}` } as const;
  return { sight: vantage.agrees ? 'down' : 'disputed', vantage: vantage.said } as const;
}

/**
 * The process table, the port or the way through the balancer must agree that the application is down. Whoever answers
 * below 500 is alive, only not as expected: then there must be no process, or nobody on the port.
 */
function secondVantage({ application, balancer, vantage }: HealthValues, standing: BalancerStanding) {
  const { processes, listening } = vantage;
  const through = balancerSays(balancer, standing);
  const faulty = isFault(application);
  const said = [
    `asked on its own port: ${application.outcome === 'up' ? 'up' : worded(application)}`,
    ...(processes ? [`processes online ${processes.online}/${processes.expected}`] : []),
    ...(listening === undefined ? [] : [listening ? 'port listening' : 'port not listening']),
    through.said,
  ];
  const missing = processes !== undefined && processes.online < (faulty ? processes.expected : 1);
  return { agrees: missing || listening === false || (faulty && through.agrees), said: said.join(', ') };
}
