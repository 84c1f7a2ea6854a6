import { createRandom } from '../../sandbox/seed/random.ts';
import type { Temperament } from '../../sandbox/seed/seed.ts';
import type { CrashCase, Place } from './case.ts';
import { kinds } from './kinds.ts';
import type { Score } from './score.ts';

/** Every fault at every place that it has: a new step is a new row, a new kind many. */
export const casesOf = (temperament: Temperament, score: Score): CrashCase[] =>
  kinds.flatMap(({ name, places }) =>
    places(score).map((place) => ({ id: idOf(temperament, name, place), temperament, kind: name, ...place })),
  );

const idOf = (temperament: Temperament, kind: string, { when, program, step }: Place): string =>
  [temperament, kind, when, program, step].filter(Boolean).join(' ');

/** Where most is at stake, of each kind: as much as a machine of two cores plays in six minutes. */
const riskiest: readonly RegExp[] = [
  /^tidy kill-daemon-again /,
  /^rough kill-daemon beside mongorestore restore-database:/,
  /^rough kill-daemon inside switch-code$/,
  /^tidy kill-daemon after enable-traffic$/,
  /^tidy kill-child beside mongorestore restore-database:/,
  /^rough kill-child beside npm ci stage-dependencies$/,
  /^tidy kill-mongod beside mongorestore restore-database:/,
  /^tidy kill-mongod beside mongodump snapshot-unified$/,
  /^tidy kill-both inside snapshot-unified$/,
  /^tidy kill-nginx inside enable-traffic$/,
  /^tidy kill-pm2 inside stop-application$/,
  /^tidy full-disk inside snapshot-unified$/,
  /^tidy backup-away inside restore-database:/,
  /^tidy tag-moved inside snapshot-unified$/,
];

export const isInFixedPart = ({ id }: CrashCase): boolean => riskiest.some((pattern) => pattern.test(id));

/** So many of them by chance, the same ones for the same seed. */
export function sampleOf(cases: readonly CrashCase[], count: number, seed: number): CrashCase[] {
  const random = createRandom('crash-matrix', seed);
  const left = [...cases];
  const taken: CrashCase[] = [];
  while (taken.length < count && left.length > 0) taken.push(...left.splice(random.between(0, left.length - 1), 1));
  return taken;
}
