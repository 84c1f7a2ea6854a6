import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Temperament } from '../../sandbox/seed/seed.ts';
import type { CrashCase } from './case.ts';
import { casesOf } from './cases.ts';
import type { PlayOrder } from './play.ts';
import type { Played } from './play-case.ts';
import type { Result, Results } from './results.ts';
import { type Score, score } from './score.ts';

const program = fileURLToPath(new URL('play.ts', import.meta.url));
/** Longer than any case takes that ends. */
const caseWithin = 20 * 60_000;
const goneWithin = 90_000;

export interface Surroundings {
  readonly folder: string;
  readonly commit: string;
  readonly results: Results;
  readonly pauseMs: number;
  readonly say: (line: string) => void;
}

/** Every case of a temperament. What a run does is learnt from one that nothing disturbs, once a commit. */
export async function listCases(temperament: Temperament, around: Surroundings): Promise<CrashCase[]> {
  return casesOf(temperament, await scoreOf(temperament, around));
}

async function scoreOf(temperament: Temperament, around: Surroundings): Promise<Score> {
  const file = join(around.folder, `score-${temperament}-${around.commit}.json`);
  if (existsSync(file)) return score.parse(JSON.parse(readFileSync(file, 'utf8')));
  const [calm] = casesOf(temperament, []);
  if (!calm) throw new TypeError('there is no calm case');
  const { played, result } = await play(calm, around);
  if (!played || result.outcome !== 'finished by itself')
    throw new Error(`the ${temperament} café cannot be rolled back undisturbed: ${result.faults.join('; ')}`);
  writeFileSync(file, JSON.stringify(played.score), { mode: 0o600 });
  return played.score;
}

/** So many at a time, in their order. */
export async function playAll(cases: readonly CrashCase[], parallel: number, around: Surroundings): Promise<void> {
  const waiting = [...cases.entries()];
  const work = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [at, one] = next;
      const { result } = await play(one, around);
      around.say(
        `${at + 1}/${cases.length} ${one.id}: ${result.outcome}${result.hit ? '' : ' (missed)'}, ${result.seconds} s`,
      );
      for (const fault of result.faults) around.say(`    ${fault}`);
    }
  };
  await Promise.all(Array.from({ length: parallel }, work));
}

async function play(one: CrashCase, around: Surroundings): Promise<{ played: Played | undefined; result: Result }> {
  const { commit, results, pauseMs } = around;
  const folder = join(around.folder, 'cases', one.id.replaceAll(/[^\w.-]+/g, '_'));
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const began = performance.now();
  const why = await run({ one, pauseMs, folder });
  const played = readPlayed(folder);
  const seconds = Math.round((performance.now() - began) / 1_000);
  const result = { commit, ...(played?.result ?? unplayed(one, why)), seconds };
  results.add(result);
  return { played, result };
}

const running = new Set<() => void>();

/** Whoever is asked to end asks them, who take down what they have started. */
export function endAll(): void {
  for (const end of running) end();
}

async function run(order: PlayOrder): Promise<string> {
  const log = openSync(join(order.folder, 'output.log'), 'a', 0o600);
  const child = spawn(process.execPath, [program, JSON.stringify(order)], { stdio: ['ignore', log, log] });
  closeSync(log);
  const ask = () => void child.kill('SIGTERM');
  running.add(ask);
  const late = setTimeout(ask, caseWithin);
  const veryLate = setTimeout(() => child.kill('SIGKILL'), caseWithin + goneWithin);
  const [code, signal] = (await once(child, 'exit')) as [number | null, string | null];
  clearTimeout(late);
  clearTimeout(veryLate);
  running.delete(ask);
  return `it ended with ${code ?? signal}: see ${join(order.folder, 'output.log')}`;
}

function readPlayed(folder: string): Played | undefined {
  const file = join(folder, 'played.json');
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Played) : undefined;
}

const unplayed = ({ id, kind, temperament }: CrashCase, why: string) => ({
  ...{ id, kind, temperament, outcome: 'FAULT' as const, hit: false },
  ...{ faults: [`the case did not come to its end: ${why}`], notes: [], documents: 0, lost: 0, doubled: 0 },
});
