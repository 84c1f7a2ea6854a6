import { setTimeout as pause } from 'node:timers/promises';
import type { ActionName } from '../../../src/model/plan.ts';
import type { FaultKind } from '../case.ts';
import { untilThere } from '../moments.ts';

/** They ask through the balancer. */
const asking: readonly string[] = [
  'check-target',
  'show-maintenance',
  'start-application',
  'enable-traffic',
  'smoke-test',
  'check-response-time',
] satisfies ActionName[];

const downForMs = 3_000;

/** kill -9 of nginx and its workers; it is started again a moment later. */
export const killNginx: FaultKind = {
  name: 'kill-nginx',
  places: (score) =>
    score.filter(({ action }) => asking.includes(action)).map(({ id: step }) => ({ when: 'inside', step })),
  async strike(ground, place) {
    const { met } = await untilThere(ground, place);
    const { balancer } = ground.sandbox;
    balancer.kill();
    await pause(downForMs);
    await balancer.restart();
    return { hit: met };
  },
};
