import { expect, it } from 'vitest';
import { movedCodeObstacles } from '../../src/engine/moved-code.ts';
import { emptyState } from '../../src/incident/daemon-state.ts';
import type { EventBody } from '../../src/model/event.ts';
import { openTarget } from '../actions/target.ts';
import { legacyCommit } from '../actions/target-state.ts';
import { armed, must } from '../incident/histories.ts';

const never = new AbortController().signal;
const armedOn = (commit: string) => ({
  state: () => must(emptyState('approve'), { ...armed, legacyCommit: commit } as EventBody),
});

it('tells that the tag names another commit than was pinned, with both', async () => {
  using target = openTarget();
  const moved = await movedCodeObstacles(target.world, armedOn('abc0123456789'), never);
  expect(moved).toEqual([
    {
      what: `code.legacyRef names another commit than was pinned (abc0123456, now ${legacyCommit.slice(0, 10)})`,
      mend: expect.stringContaining('arm again'),
    },
  ]);
});

it('says nothing where it stands, where nothing is pinned, and where git does not answer', async () => {
  using target = openTarget();
  expect(await movedCodeObstacles(target.world, armedOn(legacyCommit), never)).toEqual([]);
  expect(await movedCodeObstacles(target.world, { state: () => emptyState('approve') }, never)).toEqual([]);
  const mute = { code: { ...target.world.code, legacyCommit: () => Promise.reject(new Error('no git')) } };
  expect(await movedCodeObstacles(mute, armedOn('abc'), never)).toEqual([]);
});
