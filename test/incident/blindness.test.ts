import { expect, it } from 'vitest';
import type { Blindness } from '../../src/model/blindness.ts';
import { begin } from './histories.ts';
import { decisionOn, Life, minute, verdictOf } from './living.ts';

const up = decisionOn(verdictOf('unavailable', 'clear'));
const hours = 60;
const blindTo = (probe: Blindness['probe'], since: number): Blindness => ({
  probe,
  since: begin + since * minute,
  reason: 'the certificate has expired',
});

/** When it says of what that it is blind, looking every half hour. */
function saidOver(lasting: number, blindAt: (at: number) => Blindness[]): [at: number, subject: string][] {
  const life = new Life();
  for (let at = 0; at <= lasting; at += 30) life.look(at, up, { blind: blindAt(at) });
  return life.heard().map(({ at, subject }) => [at, subject]);
}

it('blindness is told once while it lasts, and again after six hours', () => {
  const said = saidOver(13 * hours, () => [blindTo('health', -10)]);
  expect(said.map(([at]) => at)).toEqual([0, 6.5 * hours, 13 * hours]);
  expect(said[0]?.[1]).toBe('rollbackd is blind: health has proven nothing for 10m');
});

it('blindness is told anew where it has seen in between', () => {
  const said = saidOver(2 * hours, (at) => (at < 60 ? [blindTo('health', -10)] : [blindTo('health', 50)]));
  expect(said.map(([at]) => at)).toEqual([0, 60]);
});

it('blindness of one probe is not told for that of another, and not where there is none', () => {
  const said = saidOver(
    hours,
    (at) => [[], [blindTo('health', 0)], [blindTo('health', 0), blindTo('mongo', 30)]][at / 30] ?? [],
  );
  expect(said.map(([at, subject]) => [at, subject.split(' ')[3]])).toEqual([
    [30, 'health'],
    [60, 'mongo'],
  ]);
});
