import { expect, it } from 'vitest';
import { emptyState } from '../../src/incident/daemon-state.ts';
import { modeInForce } from '../../src/incident/read-state.ts';
import { armed, begin, must, writtenAt } from './histories.ts';

const change = { kind: 'mode.changed', person: 'Sari', reason: 'r' } as const;

it('goes back, when an arming runs out, to the mode that a person has set last', () => {
  const state = must(emptyState('observe'), { ...change, mode: 'approve' }, armed);
  expect(modeInForce(state, begin)).toBe('armed');
  expect(modeInForce(state, begin + 15_000_000)).toBe('approve');
});

it('never takes the armed mode for the one that is in force when nobody has armed it', () => {
  const state = writtenAt(emptyState('observe'), begin, { ...change, mode: 'armed' });
  expect(state).toMatchObject({ baseMode: 'observe', armed: undefined });
});
