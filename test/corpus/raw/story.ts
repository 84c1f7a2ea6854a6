import type { Tier } from '../../../src/model/tier.ts';
import { type Period, type World, wellWorld } from './world.ts';

/** What people notice of the daemon. Every question, containment and rollback that a story does not name is a wrong act. */
export type Deed = 'told' | 'asked' | 'contained' | 'rolled back alone' | 'rolled back as approved' | 'withdrawn';

export interface Expected {
  readonly deed: Deed;
  readonly from: number;
  readonly to: number;
  readonly tiers: readonly Tier[];
  /** It may also not happen. */
  readonly must: boolean;
}

export type PersonDoes =
  | {
      readonly does: 'approve' | 'reject';
      readonly name: string;
      readonly role: 'on-call-lead' | 'engineering-manager' | 'product-owner';
    }
  | { readonly does: 'pause'; readonly minutes: number }
  | { readonly does: 'unpause' | 'release' | 'acknowledge' };

export interface Story {
  readonly title: string;
  /** The line of the runbook, the row of the table or the daily operation that says what is right. */
  readonly source: string;
  readonly lasts: number;
  readonly mode: 'armed' | 'approve' | 'observe';
  readonly containment: 'automatic' | 'ask';
  readonly logFormat: 'json' | 'combined';
  /** How fast each route was on the legacy system is known. */
  readonly latencyBaseline: boolean;
  /** The route `menu` is asked for single documents too. All are trusted, but for what this says. */
  readonly routes: 'trusted' | 'menu untrusted' | 'menu leaked before' | 'ids are called id';
  readonly base: World;
  readonly periods: readonly Period[];
  readonly people: readonly { readonly at: number; readonly person: PersonDoes }[];
  readonly clockSteps: readonly { readonly at: number; readonly by: number }[];
  readonly restarts: readonly number[];
  readonly expected: readonly Expected[];
  readonly mostTold: number | undefined;
}

type Sentence = (story: Story) => Story;

/** `01:02:03`, `12:30` (minutes and seconds), `5` (minutes) or `20s` -> ms. */
export function time(text: string): number {
  if (text.endsWith('s')) return Number(text.slice(0, -1)) * 1_000;
  const parts = text.split(':').map(Number);
  const [hours = 0, minutes = 0, seconds = 0] =
    parts.length === 3 ? parts : parts.length === 2 ? [0, ...parts] : [0, ...parts, 0];
  return ((hours * 60 + minutes) * 60 + seconds) * 1_000;
}

interface Head extends Partial<Pick<Story, 'mode' | 'containment' | 'logFormat' | 'latencyBaseline' | 'routes'>> {
  readonly source: string;
  readonly lasts: string;
  /** Requests of users a minute. */
  readonly traffic: number;
}

export function story(title: string, { lasts, traffic, ...head }: Head, ...sentences: readonly Sentence[]): Story {
  const bare: Story = {
    title,
    mode: 'armed',
    containment: 'automatic',
    logFormat: 'json',
    latencyBaseline: true,
    routes: 'trusted',
    ...head,
    lasts: time(lasts),
    base: { ...wellWorld, perMinute: traffic },
    periods: [],
    people: [],
    clockSteps: [],
    restarts: [],
    expected: [],
    mostTold: undefined,
  };
  return sentences.reduce((known, sentence) => sentence(known), bare);
}

const withPeriod =
  (period: Period): Sentence =>
  (story) => ({ ...story, periods: [...story.periods, period] });

const forGood = Number.POSITIVE_INFINITY;

/** What the world is like in a stretch of time. */
export function from(start: string, end?: string) {
  const stretch = { from: time(start), to: end === undefined ? forGood : time(end) };
  return {
    the: (change: Partial<World>) => withPeriod({ ...stretch, rhythm: undefined, change }),
    /** So for `on`, well for `off`, and again. */
    inTurn: (on: string, off: string, change: Partial<World>) =>
      withPeriod({ ...stretch, rhythm: { on: time(on), off: time(off) }, change }),
  };
}

/** From the begin of the story to its end. */
export const always =
  (change: Partial<World>): Sentence =>
  (story) => ({ ...story, base: { ...story.base, ...change } });

export const at = (moment: string) => ({
  person:
    (person: PersonDoes): Sentence =>
    (story) => ({ ...story, people: [...story.people, { at: time(moment), person }] }),
  clockStepsBy:
    (seconds: number): Sentence =>
    (story) => ({
      ...story,
      clockSteps: [...story.clockSteps, { at: time(moment), by: seconds * 1_000 }],
    }),
  rollbackdRestarts: (): Sentence => (story) => ({ ...story, restarts: [...story.restarts, time(moment)] }),
});

const expectation =
  (deed: Deed, start: string, end: string, must = true, tiers: readonly Tier[] = []): Sentence =>
  (story) => ({
    ...story,
    expected: [...story.expected, { deed, from: time(start), to: time(end), must, tiers }],
  });

/** Somebody gets a message within these bounds, whatever it is. */
export const told = (start: string, end: string) => expectation('told', start, end);
export const asked = (start: string, end: string, ...tiers: readonly Tier[]) =>
  expectation('asked', start, end, true, tiers);
export const contained = (start: string, end: string) => expectation('contained', start, end);
export const rolledBackAlone = (start: string, end: string) => expectation('rolled back alone', start, end);
export const rolledBackAsApproved = (start: string, end: string) => expectation('rolled back as approved', start, end);
export const withdrawn = (start: string, end: string) => expectation('withdrawn', start, end);
/** One such act is no fault, and none is no fault either. */
export const mayAsk = (start: string, end: string, ...tiers: readonly Tier[]) =>
  expectation('asked', start, end, false, tiers);
export const mayContain = (start: string, end: string) => expectation('contained', start, end, false);
export const mayRollBackAlone = (start: string, end: string) => expectation('rolled back alone', start, end, false);

/** Messages besides the questions themselves. */
export const toldAtMost =
  (times: number): Sentence =>
  (story) => ({ ...story, mostTold: times });
