import { type DaemonState, emptyState } from '../../src/incident/daemon-state.ts';
import { fold } from '../../src/incident/fold.ts';
import { eventsOf, type Move } from '../../src/incident/moves.ts';
import { nextMoves } from '../../src/incident/next.ts';
import type { Outlook } from '../../src/incident/outlook.ts';
import { permits } from '../../src/incident/transitions.ts';
import type { Decision } from '../../src/model/decision.ts';
import type { EventBody } from '../../src/model/event.ts';
import type { Tier } from '../../src/model/tier.ts';
import type { CriterionName, Verdict } from '../../src/model/verdict.ts';
import { begin, decisionTo, journalled } from './histories.ts';

export const minute = 60_000;

export const verdictOf = (
  criterion: CriterionName,
  verdict: Verdict['verdict'],
  over: Partial<Verdict> = {},
): Verdict => ({
  criterion,
  tier: 'critical',
  verdict,
  value: 1,
  threshold: 1,
  unit: 'ms',
  samples: 5,
  windowMs: 1,
  tenants: [],
  reason: `${criterion} is seen to be ${verdict}`,
  ...over,
});

const ranks: readonly Tier[] = ['critical', 'severe', 'moderate'];

/** What the rules call for in approve mode: a question for a breach, a hold for what is told. */
export function decisionOn(...verdicts: Verdict[]): Decision {
  const byTier = (of: Verdict[]) => of.sort((a, b) => ranks.indexOf(a.tier) - ranks.indexOf(b.tier))[0];
  const breach = byTier(verdicts.filter(({ verdict }) => verdict === 'breach'));
  const lead = breach ?? byTier(verdicts.filter(({ told }) => told));
  if (!lead) return { ...decisionTo('none', { verdicts }), criterion: undefined, tier: undefined };
  const { criterion, tier, tenants, reason } = lead;
  return decisionTo(breach ? 'page' : 'hold', { criterion, tier, tenants, verdicts, reasonsFor: [reason] });
}

export interface Message {
  readonly at: number;
  readonly what: string;
  readonly subject: string;
  readonly text: string;
  readonly urgency: string;
}

/** A daemon of which only the moves are real: what it writes down is folded at once, its runs never begin. */
export class Life {
  state: DaemonState = emptyState('approve');
  readonly messages: Message[] = [];
  readonly acts: { readonly at: number; readonly kind: Move['kind'] }[] = [];

  /** What it does at that minute; time is told from the beginning. */
  look(at: number, decision: Decision, over: Partial<Outlook> = {}): Move['kind'][] {
    const before = this.acts.length;
    for (let round = 0; round < 10; round += 1) {
      const [move] = this.next(at, decision, over);
      if (!move || isRun(move)) return this.acts.slice(before).map(({ kind }) => kind);
      this.#note(at, move);
      this.write(at, ...eventsOf(move, `incident-${this.state.incidents.size + 1}`));
    }
    throw new Error('the moves do not come to rest');
  }

  /** What it would do next. */
  next(at: number, decision: Decision, over: Partial<Outlook> = {}): Move[] {
    return nextMoves(this.state, { decision, now: begin + at * minute, planHash: 'plan-1', ...over });
  }

  write(at: number, ...bodies: EventBody[]): void {
    for (const body of bodies) {
      const refusal = permits(this.state, body);
      if (refusal) throw new Error(`${body.kind}: ${refusal}`);
      this.state = fold(this.state, journalled(this.state, body, begin + at * minute));
    }
  }

  /** What has been told since it was asked last. */
  heard(): Message[] {
    return this.messages.splice(0);
  }

  #note(at: number, move: Move): void {
    if (move.kind !== 'tell') this.acts.push({ at, kind: move.kind });
    else {
      const { subject, text, urgency, identity } = move;
      this.messages.push({ at, what: identity.topic.of.what, subject, text, urgency });
    }
  }
}

const isRun = (move: Move) =>
  move.kind === 'contain' ||
  move.kind === 'start-rollback' ||
  move.kind === 'start-watch' ||
  move.kind === 'close-watch';
