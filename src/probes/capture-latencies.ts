import type { Clock } from '../core/clock.ts';
import { RollbackdError } from '../core/errors.ts';
import type { Ask, Reply } from './ask.ts';
import type { ProbeSet, ProbesConfig, TargetConfig } from './schema.ts';
import { type PublicQuestion, publicQuestions, questionOf, whyBlind } from './synthetic.ts';

export interface CaptureDependencies {
  readonly target: TargetConfig;
  readonly probes: ProbesConfig;
  /** Of the version that serves now. */
  readonly probeSet: ProbeSet;
  /** How often each route is asked, by each tenant in turn. */
  readonly requests: number;
  /** Between two questions: a measurement, and no load. */
  readonly pauseMs: number;
  readonly ask: Ask;
  readonly clock: Clock;
}

export interface Captured {
  /** ms */
  readonly p95: number;
  readonly requests: number;
}

/** How fast each route answers now. Errors: RollbackdError with reason `baseline`, where one does not answer well. */
export async function captureLatencies(
  { target, probes, probeSet, requests, pauseMs, ask, clock }: CaptureDependencies,
  signal: AbortSignal,
): Promise<Map<string, Captured>> {
  const byRoute = Map.groupBy(publicQuestions(probeSet, target), ({ route }) => route);
  const times = new Map<string, number[]>();
  for (let round = 0; round < requests; round += 1) {
    for (const [route, questions] of byRoute) {
      const question = questions[round % questions.length];
      if (!question) continue;
      const reply = await ask(questionOf(question, target, probes), signal);
      times.set(route, [...(times.get(route) ?? []), timeOf(question, reply)]);
      await clock.sleep(pauseMs, signal);
    }
  }
  return new Map([...times].map(([route, taken]) => [route, { p95: p95Of(taken), requests: taken.length }]));
}

/** What does not answer well must not become what "good" was. */
function timeOf({ route, tenant }: PublicQuestion, reply: Reply): number {
  const fault = whyBlind(reply) ?? whyUnwell(reply);
  if (fault === undefined) return reply.tookMs;
  throw new RollbackdError('baseline', `${route} as ${tenant}: ${fault}`, {
    remedy: 'see that probes.legacy.routes names what the legacy system answers, and measure while it is well',
  });
}

function whyUnwell(reply: Reply): string | undefined {
  if (!reply.answered) return `no answer (${reply.why})`;
  return reply.status >= 200 && reply.status < 300 ? undefined : `status ${reply.status}`;
}

/** Never nothing: it is divided by. */
const p95Of = (times: readonly number[]): number =>
  Math.max(0.1, times.toSorted((a, b) => a - b)[Math.ceil(times.length * 0.95) - 1] ?? 0);
