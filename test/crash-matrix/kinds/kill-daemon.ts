import type { FaultKind, Place } from '../case.ts';
import { untilThere } from '../moments.ts';
import type { PlayedStep } from '../score.ts';

/** kill -9, and a supervisor starts it again. */
export const killDaemon: FaultKind = {
  name: 'kill-daemon',
  places: (score) => score.flatMap(placesIn),
  async strike(ground, place) {
    const { met } = await untilThere(ground, place);
    await ground.cafe.kill();
    await ground.cafe.start();
    return { hit: met };
  },
};

const placesIn = ({ id: step, programs }: PlayedStep): Place[] =>
  [
    { when: 'inside', step } as const,
    ...programs.map((program) => ({ when: 'beside', step, program }) as const),
    { when: 'after', step } as const,
  ].map((place) => ({ ...place, needsNobody: true }));
