import type { Decision } from '../model/decision.ts';
import type { GuardResult } from '../model/guard.ts';
import type { Mode } from '../model/mode.ts';
import type { Verdict } from '../model/verdict.ts';
import { allGuardsPass } from './guards/guards.ts';
import { formatInstant } from './instant.ts';
import { leadingBreach, notableExemption } from './leading-breach.ts';
import { type Standing, underStanding } from './standing.ts';

export interface DecideInput {
  readonly verdicts: readonly Verdict[];
  /** Answers of `judgeGuards` for the leading breach; empty where nothing is in breach. */
  readonly guardResults: readonly GuardResult[];
  readonly mode: Mode;
  readonly pausedUntil: number | undefined;
  readonly containmentPolicy: 'automatic' | 'ask';
  /** What has been done already: the open incident, a run, a watch. */
  readonly incident: Standing;
  readonly now: number;
}

/** `next` only with `contain`; `against` are reasons that no guard gives. */
interface Course {
  readonly action: Decision['action'];
  readonly next?: 'page' | 'rollback';
  readonly against: readonly string[];
}

/**
 * What all verdicts together with the guards call for.
 * `hold` tells people, the database administrator among them, and offers no rollback: one would not help,
 * the daemon only observes, or a rollback has just been done. `page` tells them and asks for an approval.
 */
export function decide(input: DecideInput): Decision {
  const verdicts = input.verdicts.map((verdict) => underStanding(verdict, input.incident));
  const lead = leadingBreach(verdicts, input.incident);
  const others = verdicts.filter((verdict) => verdict.verdict !== 'breach').map(said);
  const notable = notableExemption(verdicts);
  if (!lead && notable && !input.incident.watching) return holdFor(notable, input, verdicts, others);
  if (!lead) {
    return { ...record(input, verdicts), action: 'none', tenants: [], reasonsFor: [], reasonsAgainst: others };
  }
  const breaches = verdicts.filter((verdict) => verdict.verdict === 'breach');
  const course = courseFor(lead, input);
  return {
    ...record(input, verdicts),
    action: course.action,
    ...(course.next ? { next: course.next } : {}),
    tier: lead.tier,
    criterion: lead.criterion,
    tenants: [...new Set(breaches.flatMap((verdict) => verdict.tenants))].sort(),
    reasonsFor: [...breaches.map(said), ...guardReasons(input.guardResults, (outcome) => outcome === 'passed')],
    reasonsAgainst: [
      ...course.against,
      ...guardReasons(input.guardResults, (outcome) => outcome !== 'passed'),
      ...others,
    ],
  };
}

/** Told, again and again, until a named person says that it is known; never rolled back for. */
function holdFor(notable: Verdict, input: DecideInput, verdicts: Verdict[], others: readonly string[]): Decision {
  const { tier, criterion, tenants } = notable;
  return {
    ...record(input, verdicts),
    action: 'hold',
    tier,
    criterion,
    tenants: [...tenants],
    reasonsFor: [said(notable)],
    reasonsAgainst: others.filter((other) => other !== said(notable)),
  };
}

function record(input: DecideInput, verdicts: readonly Verdict[]): Pick<Decision, 'at' | 'verdicts' | 'guards'> {
  return { at: input.now, verdicts: [...verdicts], guards: [...input.guardResults] };
}

const said = (verdict: Verdict): string => `${verdict.criterion} is ${verdict.verdict}: ${verdict.reason}`;

const guardReasons = (results: readonly GuardResult[], wanted: (outcome: GuardResult['outcome']) => boolean) =>
  results.filter(({ outcome }) => wanted(outcome)).map(({ guard, reason }) => `${guard}: ${reason}`);

function courseFor(lead: Verdict, input: DecideInput): Course {
  if (input.incident.watching)
    return { action: 'hold', against: ['a rollback was just done: its watch acts on nothing'] };
  if (input.mode === 'observe') return { action: 'hold', against: [`observe: would have ${wouldHave(lead, input)}`] };
  return activeCourse(lead, input, mayRollBackAlone(lead, input));
}

function activeCourse(lead: Verdict, input: DecideInput, alone: boolean): Course {
  return lead.first === 'contain' ? leakCourse(lead, input, alone) : withoutContainment(input, alone);
}

/** A leak is contained before anything else; a rollback stops the application too, so the switch of containment governs both. */
function leakCourse(lead: Verdict, input: DecideInput, alone: boolean): Course {
  const { containment } = input.incident;
  if (containment === 'proven') return withoutContainment(input, alone);
  const obstacle = containmentObstacle(lead, input);
  if (!obstacle) return { action: 'contain', next: alone ? 'rollback' : 'page', against: helpless(input.guardResults) };
  const course = withoutContainment(input, false);
  return { ...course, against: [obstacle, ...course.against] };
}

function containmentObstacle(
  { criterion }: Verdict,
  { incident, containmentPolicy, pausedUntil, now }: DecideInput,
): string | undefined {
  switch (incident.containment) {
    case 'begun':
      return 'containment is under way';
    case 'failed':
      return 'containment failed: a person must resume it';
    case 'released':
      return 'a person released the containment: the daemon does not stop the application again';
    default:
  }
  if (incident.rejectedFor.includes(criterion)) return 'a person rejected acting on this leak';
  if (containmentPolicy !== 'automatic') return 'containment is set to ask';
  return isPaused(pausedUntil, now) ? `acting is paused until ${formatInstant(pausedUntil)}` : undefined;
}

function withoutContainment({ guardResults }: DecideInput, alone: boolean): Course {
  if (alone) return { action: 'rollback', against: [] };
  const against = helpless(guardResults);
  return { action: against.length > 0 ? 'hold' : 'page', against };
}

/** Whether a rollback is out of the question, with the words for it: then none is offered. */
function helpless(guardResults: readonly GuardResult[]): string[] {
  const guard = guardResults.find((result) => result.guard === 'would-help');
  return guard?.outcome === 'failed' ? [`no rollback is offered, since it would not help: ${guard.reason}`] : [];
}

function mayRollBackAlone(lead: Verdict, { mode, pausedUntil, incident, guardResults, now }: DecideInput): boolean {
  if (mode !== 'armed' || lead.tier !== 'critical') return false;
  if (isPaused(pausedUntil, now) || incident.rejectedFor.length > 0 || incident.containment === 'released')
    return false;
  return allGuardsPass(guardResults);
}

const isPaused = (pausedUntil: number | undefined, now: number): pausedUntil is number =>
  pausedUntil !== undefined && now < pausedUntil;

/** Guards that fail for no other reason than that nobody has armed the daemon. */
const onlyWhenArmed: readonly string[] = ['mode', 'armed-until', 'backup-pinned', 'code-pinned'];

function wouldHave(lead: Verdict, input: DecideInput): string {
  const guardResults = input.guardResults.map((result) =>
    onlyWhenArmed.includes(result.guard) ? { ...result, outcome: 'passed' as const } : result,
  );
  const armed: DecideInput = { ...input, mode: 'armed', containmentPolicy: 'automatic', guardResults };
  const course = activeCourse(lead, armed, mayRollBackAlone(lead, armed));
  const words = { none: 'done nothing', hold: 'told people', page: 'asked people', rollback: 'rolled back' };
  if (course.action === 'contain') return `contained the application, then ${words[course.next ?? 'page']}, if armed`;
  return `${words[course.action]}, if armed`;
}
