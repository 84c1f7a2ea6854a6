import { formatDuration } from '../../core/duration.ts';
import type { Reply } from '../ask.ts';
import { judgeStep, type StepEnd } from './judge-step.ts';
import type { JourneyStep } from './schema.ts';
import { type Created, type Left, takeAway } from './take-away.ts';
import { givenVariables, questionOf, type Trip, whySaysNothing } from './trip.ts';
import type { Variables } from './variables.ts';

export type JourneyEnd =
  | { readonly outcome: 'passed' }
  | { readonly outcome: 'failed' | 'inconclusive'; readonly step: string; readonly reason: string }
  /** The application was not reached. */
  | { readonly outcome: 'blind'; readonly step: string; readonly reason: string };

/** Goes through the steps until one is not answered as expected, and takes away what they created, whatever became of them. */
export async function makeJourney(trip: Trip, signal: AbortSignal): Promise<JourneyEnd> {
  const first = await goOnce(trip, signal);
  if (!first.loginInDoubt) return withWhatIsLeft(first.end, first.left, trip.mark);
  // An application that was started anew may know no earlier login: with a new one it shows whether that is all.
  const second = await goOnce(trip, signal);
  return withWhatIsLeft(second.end, [...first.left, ...second.left], trip.mark);
}

/** How one attempt goes. */
interface Course {
  readonly created: Created[];
  /** The login steps that were not asked, since an earlier login is used again. */
  readonly reused: JourneyStep[];
}

interface Attempt {
  readonly end: JourneyEnd;
  readonly left: readonly Left[];
  readonly loginInDoubt: boolean;
}

async function goOnce(trip: Trip, signal: AbortSignal): Promise<Attempt> {
  const course: Course = { created: [], reused: [] };
  let left: Left[] = [];
  let last: Last;
  try {
    last = await goThrough(trip, course, signal);
  } finally {
    left = await takeAway(trip, course.created);
  }
  const loginInDoubt = last.status !== undefined && refusals.includes(last.status) && course.reused.length > 0;
  if (loginInDoubt) for (const step of course.reused) trip.logins.forget(step, trip.tenant.slug);
  return { end: last.end, left, loginInDoubt };
}

/** What says "who are you?", or "not with this login". */
const refusals: readonly number[] = [401, 403];

interface Last {
  readonly end: JourneyEnd;
  /** Of the answer that ended it. */
  readonly status?: number;
}

async function goThrough(trip: Trip, course: Course, signal: AbortSignal): Promise<Last> {
  let variables = givenVariables(trip);
  for (const step of trip.journey.steps) {
    const { end, status } = await goStep(trip, step, variables, course, signal);
    if (end.outcome !== 'passed') return { end: { ...end, step: step.name }, ...(status !== undefined && { status }) };
    variables = { ...variables, ...end.saved };
    if (step.undo) course.created.push({ step, variables });
  }
  return { end: { outcome: 'passed' } };
}

interface Gone {
  readonly end: StepEnd | { readonly outcome: 'blind'; readonly reason: string };
  readonly status?: number;
}

async function goStep(
  trip: Trip,
  step: JourneyStep,
  variables: Variables,
  course: Course,
  signal: AbortSignal,
): Promise<Gone> {
  if (!step.login) return await askStep(trip, step, variables, signal);
  const { logins, tenant } = trip;
  const saved = logins.reusable(step, tenant.slug);
  if (saved) {
    course.reused.push(step);
    return { end: { outcome: 'passed', saved } };
  }
  const tooSoon = logins.whyTooSoon(step, tenant.slug);
  if (tooSoon) return { end: { outcome: 'inconclusive', reason: tooSoon } };
  const gone = await askStep(trip, step, variables, signal);
  if (gone.end.outcome === 'passed') logins.keep(step, tenant.slug, gone.end.saved);
  return gone;
}

async function askStep(trip: Trip, step: JourneyStep, variables: Variables, signal: AbortSignal): Promise<Gone> {
  signal.throwIfAborted();
  const rest = trip.endsAt - trip.clock.monotonic();
  const tooLong = `not over within ${formatDuration(trip.journey.timeout)}`;
  if (rest <= 0) return { end: { outcome: 'failed', reason: tooLong } };
  const timeoutMs = Math.ceil(Math.min(trip.probes.timeout, rest));
  // What creates is heard out: its answer names what has to be taken away again.
  const patience = step.undo ? new AbortController().signal : signal;
  const reply = await trip.ask(questionOf(trip, step, variables, timeoutMs), patience);
  const blind = await whySaysNothing(trip, reply, signal);
  if (blind) return { end: { outcome: 'blind', reason: blind } };
  const status = reply.answered ? { status: reply.status } : {};
  const end = judgeStep(step, reply, variables);
  if (end.outcome === 'passed') return { end, ...status };
  const cutShort = !reply.answered && reply.why === 'timeout' && timeoutMs < trip.probes.timeout;
  const reason = cutShort ? tooLong : end.reason;
  return {
    end: { ...end, reason: mayHaveCreated(step, reply) ? `${reason}; ${leftBehind(trip.mark)}` : reason },
    ...status,
  };
}

/** Without the expected answer nobody knows the id of what it may have created; a refusal (4xx) has created nothing. */
const mayHaveCreated = (step: JourneyStep, reply: Reply): boolean =>
  step.undo !== undefined && (!reply.answered || reply.status < 400 || reply.status >= 500);

const leftBehind = (mark: string): string => `what has ${mark} in it may be left behind`;

function withWhatIsLeft(end: JourneyEnd, left: readonly Left[], mark: string): JourneyEnd {
  const [first] = left;
  if (!first) return end;
  const names = left.map(({ step, reason }) => `${step} could not be undone (${reason})`).join(', ');
  const reason = `${names}; ${leftBehind(mark)}`;
  if (end.outcome !== 'passed') return { ...end, reason: `${end.reason}; ${reason}` };
  return { outcome: first.blind ? 'blind' : 'failed', step: first.step, reason };
}
