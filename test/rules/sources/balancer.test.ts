import { expect, it } from 'vitest';
import type { Answer } from '../../../src/model/observation.ts';
import { isFault } from '../../../src/rules/sources/balancer.ts';
import { answered, down } from '../looks.ts';

it.each([
  ['no answer in time', down, true],
  ['a refused connection', { ...down, why: 'refused' }, true],
  ['a connection that breaks off', { ...down, why: 'reset' }, true],
  ['a question that could not be asked', { ...down, why: 'other' }, false],
  ['an error', answered(500), true],
  ['a refusal', answered(499), false],
  ['another body than usual', { ...answered(200), why: 'body' }, false],
] satisfies [string, Answer, boolean][])('%s is a fault or not', (_what, answer, fault) => {
  expect(isFault(answer)).toBe(fault);
});
