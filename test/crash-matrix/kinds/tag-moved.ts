import { execFileSync } from 'node:child_process';
import type { ActionName } from '../../../src/model/plan.ts';
import type { FaultKind, Ground } from '../case.ts';
import { untilThere } from '../moments.ts';

const moments: readonly string[] = ['stage-code', 'snapshot-unified', 'switch-code'] satisfies ActionName[];

/** Somebody moves the tag of the legacy version onto the unified one: a run goes back to the commit that was planned. */
export const tagMoved: FaultKind = {
  name: 'tag-moved',
  places: (score) =>
    score
      .filter(({ action }) => moments.includes(action))
      .map(({ id: step }) => ({ when: 'inside', step, needsNobody: true })),
  async strike(ground, place) {
    const { met } = await untilThere(ground, place);
    const { legacyCommit, unifiedCommit } = ground.sandbox.repository;
    tag(ground, unifiedCommit);
    return { hit: met, mend: async () => tag(ground, legacyCommit) };
  },
};

function tag({ sandbox: { tools, repository } }: Ground, commit: string): void {
  const { root, legacyRef } = repository;
  execFileSync(tools.git.path, ['-C', root, 'tag', '--force', legacyRef, commit], { stdio: 'pipe' });
}
