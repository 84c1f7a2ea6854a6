import type { RequestSlot } from '../../model/request-slot.ts';
import type { RulesConfig } from '../schema.ts';
import { together } from './slots.ts';
import type { Measured, Streak } from './streak.ts';
import { type Doubt, type ToldSlot, toldSlots } from './told-slots.ts';
import type { Windows } from './windows.ts';

export type Source = 'real' | 'synthetic';

/** What a criterion reads from the requests of a slot. */
export interface Measure {
  /** `undefined`: they say nothing. Where they are fewer than `enough`, the missing ones count as answered well. */
  readonly of: (counts: RequestSlot, source: Source, enough: number) => number | undefined;
  readonly above: number;
  readonly clear: number;
}

/** One slot with what it proves; without a `value` it proves nothing. */
export interface MeasuredSlot extends Measured {
  /** The requests that it is read from. */
  readonly counts: RequestSlot | undefined;
  readonly source: Source;
  /** The others of that slot: rollbackd's own beside real ones, and the few real ones beside rollbackd's own. */
  readonly beside: RequestSlot | undefined;
  /** Why rollbackd's own requests were not enough. */
  readonly doubt: Doubt | 'contradicted' | undefined;
}

type Rules = RulesConfig['requests'];

/** The newest first: real requests where they prove something, else rollbackd's own. */
export function* measuredSlots(
  windows: Windows,
  rules: Rules,
  measure: Measure,
  now: number,
  from = 0,
): Generator<MeasuredSlot> {
  const realKnown = windows.requests.length > 0;
  for (const told of toldSlots(windows, rules, now, from)) {
    yield byReal(told, rules, measure) ?? byOwn(told, rules, measure, realKnown);
  }
}

function byReal(told: ToldSlot, { samples }: Rules, measure: Measure): MeasuredSlot | undefined {
  const { at, real, own } = told;
  if (!real) return undefined;
  const isEnough = real.requests >= samples;
  const value = isEnough ? measure.of(real, 'real', 0) : provenByFew(real, told.lately(), samples, measure);
  if (value === undefined && !isEnough) return undefined;
  return { at, value, counts: real, source: 'real', weak: false, beside: own, doubt: undefined };
}

/**
 * A few requests prove trouble alone or together with those shortly before, where it would be trouble even if all that
 * are missing had been answered well. All is well by them only where there are enough together.
 */
function provenByFew(real: RequestSlot, lately: readonly RequestSlot[], samples: number, measure: Measure) {
  const { above, clear } = measure;
  const now = measure.of(real, 'real', 0);
  if (now === undefined) return undefined;
  if (now > above) return isTrouble(lately, samples, measure) ? now : undefined;
  if (now > clear || answeredIn(lately) < samples) return undefined;
  const all = measure.of(lately.reduce(together), 'real', samples);
  return all !== undefined && all <= clear ? all : undefined;
}

/** As far back as it is plainest: many that were well before say nothing about the few that are left. */
function isTrouble(lately: readonly RequestSlot[], samples: number, { of, above }: Measure): boolean {
  let all: RequestSlot | undefined;
  for (const slot of lately) {
    all = all ? together(all, slot) : slot;
    if ((of(all, 'real', samples) ?? 0) > above) return true;
  }
  return false;
}

/** Of `samples`: so few real ones that were well shortly before do, where rollbackd's own say the same. */
const fewShare = 0.1;

function areFewWell(lately: readonly RequestSlot[], samples: number, { of, clear }: Measure): boolean {
  if (lately.length === 0 || answeredIn(lately) < fewShare * samples) return false;
  const all = of(lately.reduce(together), 'real', 0);
  return all !== undefined && all <= clear;
}

const answeredIn = (slots: readonly RequestSlot[]): number => slots.reduce((sum, { requests }) => sum + requests, 0);

/**
 * rollbackd's own requests read lists and nothing else. That they fail is trouble; that they do not is no all-clear where
 * real ones cannot be seen or say otherwise, and ends what real ones began only where a few of those say the same.
 */
function byOwn(told: ToldSlot, { samples }: Rules, measure: Measure, realKnown: boolean): MeasuredSlot {
  const { at, real, own, doubt: unseen } = told;
  const { above, clear } = measure;
  const read = own && measure.of(own, 'synthetic', 0);
  const contradicted = real !== undefined && (measure.of(real, 'real', 0) ?? 0) > clear;
  const doubt = unseen ?? (contradicted ? 'contradicted' : undefined);
  const value = doubt === undefined || (read ?? 0) > above ? read : undefined;
  const isBacked = value !== undefined && value <= clear && areFewWell(told.lately(), samples, measure);
  return { at, value, counts: own, source: 'synthetic', weak: realKnown && !isBacked, beside: real, doubt };
}

/** The newest slots that prove something, as many as make a breach, as one. */
export interface Recent {
  readonly counts: RequestSlot;
  readonly source: Source;
  readonly beside: RequestSlot | undefined;
}

/**
 * Of one source, and close together: nothing that is said of now may be hours old. While the trouble is what strong slots
 * say, weak ones that are well say nothing about it.
 */
export function recentOf(
  newestFirst: Iterable<MeasuredSlot>,
  { slots, slot, above }: Pick<Rules, 'slots' | 'slot'> & Pick<Measure, 'above'>,
  { state, strong }: Pick<Streak, 'state' | 'strong'>,
): Recent | undefined {
  const strongOnly = state !== 'clear' && strong;
  const found: MeasuredSlot[] = [];
  for (const each of newestFirst) {
    const [newest = each] = found;
    if (newest.at - each.at >= 2 * slots * slot || found.length === slots) break;
    if (strongOnly && each.weak && !(each.value !== undefined && each.value > above)) continue;
    if (each.value !== undefined && each.source === newest.source) found.push(each);
  }
  const [newest] = found;
  const counts = added(found.map((each) => each.counts));
  return newest && counts && { counts, source: newest.source, beside: added(found.map(({ beside }) => beside)) };
}

/** All real requests of the present trouble, whatever a slot of them proves. */
export function realSince(newestFirst: Iterable<MeasuredSlot>, since: number | undefined): RequestSlot | undefined {
  const found: RequestSlot[] = [];
  for (const { at, source, counts, beside } of newestFirst) {
    if (since === undefined || at < since) break;
    const real = source === 'real' ? counts : beside;
    if (real) found.push(real);
  }
  return added(found);
}

function added(slots: readonly (RequestSlot | undefined)[]): RequestSlot | undefined {
  const [first, ...others] = slots.filter((slot) => slot !== undefined);
  return first && others.reduce(together, first);
}
