/**
 * Every pair once, each with another one of both than the pair before: so neither one tenant's trouble nor one route's fills
 * a stretch of questions by itself, however many there are of the others.
 */
export function everyPair<A, B>(some: readonly A[], others: readonly B[]): (readonly [A, B])[] {
  const count = some.length * others.length;
  // After so many steps both are back where they began, and all but one of them moves on.
  const round = count / greatestCommonDivisor(some.length, others.length);
  return Array.from({ length: count }, (_, step) => [
    some[step % some.length] as A,
    others[(step + Math.floor(step / round)) % others.length] as B,
  ]);
}

const greatestCommonDivisor = (a: number, b: number): number => (b === 0 ? a : greatestCommonDivisor(b, a % b));
