import { judgeStep } from './judge-step.ts';
import type { JourneyStep } from './schema.ts';
import { questionOf, type Trip, whySaysNothing } from './trip.ts';
import type { Variables } from './variables.ts';

/** What a step has created, with the ids that its own answer named. */
export interface Created {
  readonly step: JourneyStep;
  readonly variables: Variables;
}

/** What could not be taken away again. */
export interface Left {
  readonly step: string;
  readonly reason: string;
  /** It is the way there that failed, and not the application. */
  readonly blind: boolean;
}

/** Nothing ends this early: what was created lies among a customer's own. */
const toItsEnd = new AbortController().signal;

/** Takes away what was created, the last first. */
export async function takeAway(trip: Trip, created: readonly Created[]): Promise<Left[]> {
  const left: Left[] = [];
  for (const { step, variables } of created.toReversed()) {
    if (!step.undo) continue;
    const reply = await trip.ask(questionOf(trip, step.undo, variables, trip.probes.timeout), toItsEnd);
    const proof = judgeStep({ expectStatus: step.undo.expectStatus, expectJson: {}, save: {} }, reply, variables);
    if (proof.outcome === 'passed') continue;
    const blind = await whySaysNothing(trip, reply, toItsEnd);
    left.push({ step: step.name, reason: blind ?? proof.reason, blind: blind !== undefined });
  }
  return left;
}
