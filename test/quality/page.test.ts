import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fixedSection } from '../../bench/quality/page.ts';
import { burstTimes, fixedPart, goalTimes, healthyDays, steadyDays } from '../../bench/quality/study.ts';
import { quantileOf } from '../../bench/quality/tables.ts';

const minute = 60_000;

test('the tested part of docs/decision-quality.md is what the rules do now: npm run quality', () => {
  const page = readFileSync(join(import.meta.dirname, '../../docs/decision-quality.md'), 'utf8');
  expect(page).toContain(fixedSection());
});

test('nobody is asked on a quiet day, nor of what real services live with', () => {
  const days = [...healthyDays(fixedPart, 0.5, false), ...steadyDays(fixedPart)];
  expect(days.map(({ rule }) => rule)).toEqual(days.map(() => 0));
});

test('of 30 % failing at 5 requests a minute half is asked within 15 min, of all failing at 20 within 3 min', () => {
  const [moderate, severe, all] = goalTimes(fixedPart).map(({ rule }) => rule);
  expect(quantileOf(moderate ?? [], 0.5)).toBeLessThan(15 * minute);
  expect(quantileOf(severe ?? [], 0.5)).toBeLessThan(15 * minute);
  expect(quantileOf(all ?? [], 0.95)).toBeLessThan(3 * minute);
});

test('short bursts are asked within 40 min, longer ones within 15', () => {
  const [short, long] = burstTimes(fixedPart).map(({ rule }) => rule);
  expect(quantileOf(short ?? [], 0.95)).toBeLessThan(40 * minute);
  expect(quantileOf(long ?? [], 0.95)).toBeLessThan(15 * minute);
});
