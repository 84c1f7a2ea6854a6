import { kill } from 'node:process';
import type { FaultKind, Place } from '../case.ts';
import { isAlive, untilThere } from '../moments.ts';

/** kill -9 of a program that a step has just started, as the kernel does for want of memory. */
export const killChild: FaultKind = {
  name: 'kill-child',
  places: (score) =>
    score.flatMap(({ id: step, programs }) => programs.map((program): Place => ({ when: 'beside', step, program }))),
  async strike(ground, place) {
    const { child } = await untilThere(ground, place);
    if (!child || !isAlive(child)) return { hit: false };
    try {
      kill(child.pid, 'SIGKILL');
      return { hit: true };
    } catch {
      return { hit: false };
    }
  },
};
