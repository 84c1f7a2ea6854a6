import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { preflight } from '../actions/preflight/preflight.ts';
import { noJournal } from '../adapters/mongo/its-journal.ts';
import { systemClock } from '../core/clock.ts';
import type { Obstacle } from '../model/obstacle.ts';
import { openWorld, type WorldSettings } from './open-world.ts';

const unrecorded = { planned() {}, started() {}, ended() {} };

/** What a run would fail over, as whoever calls this sees the target. Needs no daemon; nothing that it changes stays. */
export async function examinedTarget(settings: WorldSettings): Promise<Obstacle[]> {
  await using open = openWorld(settings, {
    clock: systemClock,
    ledger: unrecorded,
    holder: 'nobody',
    journal: noJournal,
    passwordFolder: join(tmpdir(), `rollbackd-doctor-${process.pid}`),
  });
  return await preflight(open.world, new AbortController().signal);
}
