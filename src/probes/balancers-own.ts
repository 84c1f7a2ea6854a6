import type { TrafficConfig } from '../adapters/traffic/schema.ts';
import type { Ask, Question, Reply } from './ask.ts';
import type { TargetConfig } from './schema.ts';

export interface Asked {
  readonly ask: Ask;
  /** As it was put to the balancer. */
  readonly question: Question;
  readonly target: Pick<TargetConfig, 'applicationUrl'>;
  readonly traffic: Pick<TrafficConfig, 'maintenanceStatus'>;
}

/**
 * Whether the maintenance status is the balancer's own answer although it does not carry our marker: a page that somebody
 * else has put up. The application says well to the same question on its own port then, and the balancer says it again:
 * an application that only fails now and then does not look like that.
 */
export async function isBalancersOwn(reply: Reply, asked: Asked, signal: AbortSignal): Promise<boolean> {
  const { ask, question, target, traffic } = asked;
  const isMaintenance = (one: Reply) => one.answered && one.status === traffic.maintenanceStatus;
  if (!isMaintenance(reply)) return false;
  const direct = await ask({ ...question, baseUrl: target.applicationUrl }, signal);
  if (!direct.answered || direct.status >= 500) return false;
  return isMaintenance(await ask(question, signal));
}
