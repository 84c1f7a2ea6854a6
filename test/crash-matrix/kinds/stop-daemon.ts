import { setTimeout as pause } from 'node:timers/promises';
import type { FaultKind, Place } from '../case.ts';
import { untilThere } from '../moments.ts';
import type { Score } from '../score.ts';

/** SIGSTOP, for longer than its lease lasts: a machine that was suspended, or swapped to a standstill. */
export const stopDaemon: FaultKind = {
  name: 'stop-daemon',
  places: (score) => [...new Set(score.map(({ phase }) => phase))].flatMap((phase) => placesOf(score, phase)),
  async strike(ground, place) {
    const { met } = await untilThere(ground, place);
    const { daemon } = ground.cafe;
    daemon.kill('SIGSTOP');
    await pause(ground.pauseMs);
    daemon.kill('SIGCONT');
    return { hit: met };
  },
};

function placesOf(score: Score, phase: string): Place[] {
  const steps = score.filter((step) => step.phase === phase);
  const busy = steps.find(({ programs }) => programs.length > 0);
  const [program] = busy?.programs ?? [];
  return [
    ...steps.slice(0, 1).map(({ id: step }): Place => ({ when: 'inside', step })),
    ...(busy && program ? [{ when: 'beside', step: busy.id, program } as const] : []),
  ];
}
