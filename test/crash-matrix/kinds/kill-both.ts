import type { FaultKind, Place } from '../case.ts';
import { untilThere } from '../moments.ts';
import type { Score } from '../score.ts';

/** The host fails, and rollbackd is back before mongod is. */
export const killBoth: FaultKind = {
  name: 'kill-both',
  places: (score) => [...new Set(score.map(({ phase }) => phase))].flatMap((phase) => firstOf(score, phase)),
  async strike(ground, place) {
    const { met } = await untilThere(ground, place);
    const { cafe, sandbox } = ground;
    await Promise.all([cafe.kill(), sandbox.mongo.server.kill()]);
    await cafe.start();
    await sandbox.mongo.server.restart();
    return { hit: met };
  },
};

const firstOf = (score: Score, phase: string): Place[] =>
  score
    .filter((step) => step.phase === phase)
    .slice(0, 1)
    .map(({ id: step }) => ({ when: 'inside', step, needsNobody: true }));
