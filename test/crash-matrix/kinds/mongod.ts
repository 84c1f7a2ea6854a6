import { setTimeout as pause } from 'node:timers/promises';
import type { FaultKind, Place } from '../case.ts';
import { untilThere } from '../moments.ts';
import type { PlayedStep, Score } from '../score.ts';
import { limitFiles } from './full-disk.ts';

const asksDatabases = ({ programs }: PlayedStep): boolean =>
  programs.includes('mongodump') || programs.includes('mongorestore');

const besideItsTool = ({ id: step, programs }: PlayedStep): Place[] =>
  programs.filter((program) => program.startsWith('mongo')).map((program) => ({ when: 'beside', step, program }));

const whileDumpedOrRestored = (score: Score): Place[] => score.filter(asksDatabases).flatMap(besideItsTool);

/** kill -9, and it is started again at once, as a supervisor would. */
export const killMongod: FaultKind = {
  name: 'kill-mongod',
  places: (score) => [
    ...whileDumpedOrRestored(score),
    ...score
      .filter(({ phase }) => phase === 'stop' || phase === 'restore')
      .map(({ id: step }): Place => ({ when: 'inside', step })),
  ],
  async strike(ground, place) {
    const { met } = await untilThere(ground, place);
    const { server } = ground.sandbox.mongo;
    await server.kill();
    await server.restart();
    return { hit: met };
  },
};

/** SIGSTOP: it answers nobody for a while, and closes nothing. */
export const stopMongod: FaultKind = {
  name: 'stop-mongod',
  places: whileDumpedOrRestored,
  async strike(ground, place) {
    const { met } = await untilThere(ground, place);
    const { server } = ground.sandbox.mongo;
    server.suspend();
    await pause(ground.pauseMs);
    server.resume();
    return { hit: met };
  },
};

/** Its own disk is full, which ends it; there is room again when it is started anew. */
export const fullDiskOfMongod: FaultKind = {
  name: 'full-disk-mongod',
  places: whileDumpedOrRestored,
  async strike(ground, place) {
    const { met } = await untilThere(ground, place);
    const { server } = ground.sandbox.mongo;
    limitFiles(server.pid, 1);
    await pause(Math.min(ground.pauseMs, 5_000));
    limitFiles(server.pid, 'unlimited');
    await server.restart();
    return { hit: met };
  },
};
