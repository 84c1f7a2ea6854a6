import { expect, it } from 'vitest';
import { seenAfter } from '../../../src/notify/channels/slack/seen.ts';
import { verdictsIn } from '../../rules/arbitrary-verdicts.ts';

const minute = 60_000;
const numbered = (reason: string) => verdictsIn('clear', 'breach').map((verdict) => ({ ...verdict, reason }));

it('shows other numbers once a minute', () => {
  const first = seenAfter(undefined, numbered('one'), 0);
  expect(seenAfter(first, numbered('two'), minute - 1)).toBe(first);
  expect(seenAfter(first, numbered('two'), minute)).toEqual({ at: minute, verdicts: numbered('two') });
});

it('shows another verdict at once', () => {
  const first = seenAfter(undefined, numbered('one'), 0);
  const healed = verdictsIn('clear', 'clear');
  expect(seenAfter(first, healed, 1)).toEqual({ at: 1, verdicts: healed });
});
