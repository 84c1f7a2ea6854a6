import { never } from '../../core/errors.ts';
import type {
  ForeignDocument,
  HealthValues,
  IsolationValues,
  MongoValues,
  Observation,
  RequestsValues,
} from '../../model/observation.ts';
import type { RequestSlot } from '../../model/request-slot.ts';
import type { WindowLimits } from './limits.ts';
import { withSlots } from './slots.ts';

interface Timed {
  readonly at: number;
  readonly tookMs: number;
}

/** `values` absent: the probe was blind. */
export interface HealthLook extends Timed {
  readonly values: HealthValues | undefined;
}
export interface ControlLook extends Timed {
  readonly well: boolean;
}
export interface MongoLook extends Timed {
  readonly values: MongoValues | undefined;
  readonly reason: string;
}

/** Whether somebody was waiting while the log was read. */
export interface RequestsLook extends Timed, Pick<RequestsValues, 'openUpstream'> {}

/** One question as one tenant on one route; a few of the foreign documents stand for all. */
export interface IsolationLook extends Timed, Omit<IsolationValues, 'foreign'> {
  /** Which looks ask the same thing: only the same question, asked again, confirms or refutes an answer. */
  readonly question: string;
  readonly foreignCount: number;
  readonly foreign: readonly ForeignDocument[];
  readonly owners: readonly string[];
}

/** What the probes saw lately: bounded by age and count, in order of time. */
export interface Windows {
  readonly limits: WindowLimits;
  readonly health: readonly HealthLook[];
  readonly control: readonly ControlLook[];
  readonly isolation: readonly IsolationLook[];
  readonly mongo: readonly MongoLook[];
  /** Real requests, and rollbackd's own, by slot of time. */
  readonly requests: readonly RequestSlot[];
  readonly synthetic: readonly RequestSlot[];
  /** The last look at the log alone. */
  readonly requestsLook: readonly RequestsLook[];
}

export const emptyWindows = (limits: WindowLimits): Windows => ({
  limits,
  health: [],
  control: [],
  isolation: [],
  mongo: [],
  requests: [],
  synthetic: [],
  requestsLook: [],
});

type Fresh = { -readonly [K in Exclude<keyof Windows, 'limits'>]: Windows[K][number][] };

export function remember(windows: Windows, observations: readonly Observation[], now: number): Windows {
  const fresh: Fresh = {
    health: [],
    control: [],
    isolation: [],
    mongo: [],
    requests: [],
    synthetic: [],
    requestsLook: [],
  };
  for (const observation of observations) {
    if (observation.status === 'observed') sortSeen(observation, fresh);
    else sortBlind(observation, fresh);
  }
  const { ageMs, isolationAgeMs, count } = windows.limits;
  const keep = <T extends Timed>(known: readonly T[], added: readonly T[], age = ageMs) =>
    bounded(known, added, now - age, count);
  return {
    limits: windows.limits,
    health: keep(windows.health, fresh.health),
    control: keep(windows.control, fresh.control),
    isolation: withUnrefuted(keep(windows.isolation, fresh.isolation, isolationAgeMs), windows.isolation),
    mongo: keep(windows.mongo, fresh.mongo),
    requests: withSlots(windows.requests, fresh.requests, now - ageMs, count),
    synthetic: withSlots(windows.synthetic, fresh.synthetic, now - ageMs, count),
    requestsLook: keep(windows.requestsLook, fresh.requestsLook).slice(-1),
  };
}

type Seen = Extract<Observation, { status: 'observed' }>;
type Blind = Extract<Observation, { status: 'unobserved' }>;

function sortSeen(observation: Seen, into: Fresh): void {
  const { at, tookMs } = observation;
  switch (observation.probe) {
    case 'health':
      into.health.push({ at, tookMs, values: observation.values });
      return;
    case 'control':
      into.control.push({ at, tookMs, well: true });
      return;
    case 'isolation':
      into.isolation.push({ at, tookMs, ...condensed(observation.values) });
      return;
    case 'mongo':
      into.mongo.push({ at, tookMs, values: observation.values, reason: '' });
      return;
    case 'tenants':
      return;
    case 'requests': {
      const { slots, openUpstream } = observation.values;
      into.requests.push(...slots);
      into.requestsLook.push({ at, tookMs, openUpstream });
      return;
    }
    case 'synthetic':
      into.synthetic.push(...observation.values.slots);
      return;
    default:
      never(observation);
  }
}

function sortBlind({ probe, at, tookMs, reason }: Blind, into: Fresh): void {
  switch (probe) {
    case 'health':
      into.health.push({ at, tookMs, values: undefined });
      return;
    case 'control':
      into.control.push({ at, tookMs, well: false });
      return;
    case 'mongo':
      into.mongo.push({ at, tookMs, values: undefined, reason });
      return;
    // A question that could not be asked leaves its last answer as it was.
    case 'isolation':
    case 'tenants':
    case 'requests':
    case 'synthetic':
      return;
    default:
      never(probe);
  }
}

function condensed(values: IsolationValues): Omit<IsolationLook, keyof Timed> {
  const { foreign, ...rest } = values;
  const owners = [...new Set(foreign.flatMap((document) => document.owners))].sort();
  const question = JSON.stringify([values.tenant, values.route, values.ask]);
  return { ...rest, question, foreignCount: foreign.length, foreign: foreign.slice(0, 5), owners };
}

function bounded<T extends Timed>(known: readonly T[], added: readonly T[], from: number, count: number) {
  const oldest = known[0]?.at ?? from;
  if (added.length === 0 && oldest >= from) return known;
  return inOrder([...known, ...added].filter((look) => look.at >= from)).slice(-count);
}

/** Looks overlap, so that one may be told after a later one; mostly they come in order. */
function inOrder<T extends Timed>(looks: T[]): T[] {
  const unsorted = looks.some((look, index) => look.at < (looks[index - 1]?.at ?? look.at));
  return unsorted ? looks.sort((a, b) => a.at - b.at) : looks;
}

/** A question whose last answer was a leak is not forgotten with age: forgetting it would count as a pass. */
function withUnrefuted(kept: readonly IsolationLook[], known: readonly IsolationLook[]): readonly IsolationLook[] {
  const dropped = known.filter((look) => look.foreignCount > 0 && look.at < (kept[0]?.at ?? Number.POSITIVE_INFINITY));
  if (dropped.length === 0) return kept;
  const askedSince = new Set(
    kept.filter((look) => look.checked > 0 || look.foreignCount > 0).map(({ question }) => question),
  );
  const last = new Map(dropped.map((look) => [look.question, look]));
  return [...[...last].filter(([question]) => !askedSince.has(question)).map(([, look]) => look), ...kept];
}
