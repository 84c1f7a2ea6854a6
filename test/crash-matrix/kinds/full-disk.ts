import { execFileSync } from 'node:child_process';
import { descendantsOf } from '../../../sandbox/workspace/descendants.ts';
import { poll } from '../../slow/poll.ts';
import type { FaultKind, Ground, Place } from '../case.ts';
import { untilThere } from '../moments.ts';
import type { Score } from '../score.ts';

const seenWithin = 120_000;

/** To a program, a limit on the size of files is a disk without room. It can be lifted again. One that has ended needs none. */
export function limitFiles(pid: number, bytes: number | 'unlimited'): void {
  try {
    execFileSync('/usr/bin/prlimit', ['--pid', String(pid), `--fsize=${bytes}:unlimited`], { stdio: 'pipe' });
  } catch (error) {
    if (!String(error).includes('No such process')) throw error;
  }
}

/** The daemon's disk, and that of all its programs, is full until the journal has noticed. */
export const fullDisk: FaultKind = {
  name: 'full-disk',
  places: (score) => phasesOf(score).flatMap((phase) => placesOf(score.filter((step) => step.phase === phase))),
  async strike(ground, place) {
    const { met } = await untilThere(ground, place);
    limitAll(ground, 1);
    await poll('the journal takes nothing', async () => (await isNoticed(ground)) || undefined, seenWithin);
    limitAll(ground, 'unlimited');
    return { hit: met };
  },
};

const phasesOf = (score: Score) => [...new Set(score.map(({ phase }) => phase))];

/** A phase's first step, and the first that starts each kind of program. */
function placesOf(steps: Score): Place[] {
  const first = steps.slice(0, 1).map(({ id: step, phase }): Place => {
    // What is looked at beforehand may find that there is no room, and say so.
    return { when: 'inside', step, ...(phase !== 'prepare' && { needsNobody: true }) };
  });
  const seen = new Set<string>();
  const isNew = (program: string) => {
    const [name = ''] = program.split(' ');
    return !seen.has(name) && seen.add(name);
  };
  const beside = steps.flatMap(({ id: step, programs }) =>
    programs.filter(isNew).map((program): Place => ({ when: 'beside', step, program })),
  );
  return [...first, ...beside];
}

async function isNoticed({ cafe }: Ground): Promise<boolean> {
  const hasEnded = await Promise.race([cafe.daemon.ended.then(() => true), Promise.resolve(false)]);
  return hasEnded || (await cafe.status())?.journal.writable === false;
}

function limitAll({ cafe: { daemon } }: Ground, bytes: number | 'unlimited'): void {
  for (const pid of [daemon.pid, ...descendantsOf(daemon.pid).map((one) => one.pid)]) limitFiles(pid, bytes);
}
