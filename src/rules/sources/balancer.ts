import type { Answer, HealthValues } from '../../model/observation.ts';

/** What the way through the balancer is worth as a witness, by the question that is asked there. */
export interface BalancerStanding {
  /** It has answered this very question as expected, so that its silence means something. */
  readonly proven: boolean;
  /** Looks in a row that found it down while the application was up. */
  readonly contradicted: number;
  /** It has answered this very question at some time, whatever it does since. */
  readonly seenUp: boolean;
}

export const unproven: BalancerStanding = { proven: false, contradicted: 0, seenUp: false };

/** A balancer leaves a server out for some seconds after an error: a little lateness is no contradiction. */
const patience = 3;

/** The standing after one more look at the same question. */
export function standingAfter(before: BalancerStanding, { application, balancer }: HealthValues): BalancerStanding {
  if (balancer.outcome === 'up') return { proven: true, contradicted: 0, seenUp: true };
  if (application.outcome !== 'up') return before;
  const contradicted = before.contradicted + 1;
  return { ...before, proven: before.proven && contradicted < patience, contradicted };
}

/** No answer at all, or one that speaks of a fault: anything below 500 was answered by somebody who is well. */
export const isFault = ({ why, status }: Answer): boolean =>
  why === 'refused' || why === 'reset' || why === 'timeout' || (status ?? 0) >= 500;

/** Whether it agrees that the application is down, and why not where it only seems to. */
export function balancerSays(balancer: Answer, { proven }: BalancerStanding): { agrees: boolean; said: string } {
  const said = `${balancer.outcome} through the balancer`;
  if (balancer.outcome === 'up') return { agrees: false, said };
  if (!isFault(balancer)) return { agrees: false, said: `${said}, but no fault (${worded(balancer)})` };
  return proven ? { agrees: true, said } : { agrees: false, said: `${said}, where it has not been seen up before` };
}

export const worded = ({ why, status }: Answer): string =>
  status === undefined ? why : why === 'body' ? `status ${status} with another body` : `status ${status}`;
