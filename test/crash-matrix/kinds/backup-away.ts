import { rename } from 'node:fs/promises';
import type { ActionName } from '../../../src/model/plan.ts';
import type { FaultKind } from '../case.ts';
import { untilThere } from '../moments.ts';

/** While users are served, when they are shut out, and when it is needed. */
const moments: readonly string[] = ['check-backup', 'show-maintenance', 'restore-database'] satisfies ActionName[];

/** Its folder is moved away, and moved back once the run has come to rest. */
export const backupAway: FaultKind = {
  name: 'backup-away',
  places: (score) =>
    score.filter(({ action }) => moments.includes(action)).map(({ id: step }) => ({ when: 'inside', step })),
  async strike(ground, place) {
    const { met } = await untilThere(ground, place);
    const { path } = ground.sandbox.backup;
    const away = `${path}.away`;
    await rename(path, away);
    return { hit: met, mend: () => rename(away, path) };
  },
};
