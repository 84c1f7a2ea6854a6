import type { Answer } from '../model/observation.ts';
import { type Ask, judgeReply } from './ask.ts';
import { readPath } from './json-path.ts';
import type { ProbeSet, ProbesConfig } from './schema.ts';

export interface HealthQuestion {
  /** The application's own port, or the balancer. */
  readonly baseUrl: string;
  /** Of the version that is expected to answer. */
  readonly health: ProbeSet['health'];
  readonly timeoutMs: ProbesConfig['timeout'];
}

/** Whether it answers as a healthy one does. */
export async function askHealth(ask: Ask, question: HealthQuestion, signal: AbortSignal): Promise<Answer> {
  const { baseUrl, health, timeoutMs } = question;
  const { path, method, headers, databaseConnected } = health;
  const reply = await ask({ baseUrl, path, method, headers, timeoutMs }, signal);
  const answer = judgeReply(reply, health);
  const [connected] = reply.answered && databaseConnected ? readPath(reply.body, databaseConnected) : [];
  return typeof connected === 'boolean' ? { ...answer, database: connected ? 'connected' : 'disconnected' } : answer;
}
