import { dirname } from 'node:path';
import keepCafes from '../sandbox/prepared-cafes.ts';
import type { CrashCase } from './case.ts';
import { isInFixedPart, sampleOf } from './cases.ts';
import { currentCommit } from './commit.ts';
import { endAll, listCases, playAll, type Surroundings } from './matrix.ts';
import { type MatrixOptions, readOptions } from './options.ts';
import { Results } from './results.ts';
import { resultTable } from './table.ts';

const options = readOptions();
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const forgetCafes = keepCafes();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, () => {
    endAll();
    process.once('exit', () => forgetCafes?.());
    process.exit(1);
  });
}
try {
  process.exitCode = await main(options);
} finally {
  forgetCafes?.();
}

async function main({ results: file, pause, parallel, fresh, list }: MatrixOptions): Promise<number> {
  const commit = currentCommit();
  const results = new Results(file, commit);
  const around: Surroundings = { folder: dirname(file), commit, results, pauseMs: pause * 1_000, say };
  const wanted = chosen(await allCases(around));
  if (list) {
    for (const { id } of wanted) say(id);
    return 0;
  }
  const known = results.read();
  const open = wanted.filter(({ id }) => fresh || !known.has(id));
  say(`${wanted.length} cases of ${commit}, ${wanted.length - open.length} of them played already; results: ${file}`);
  await playAll(open, parallel, around);
  const played = results.read();
  const all = wanted.flatMap(({ id }) => played.get(id) ?? []);
  say(`\n${resultTable(all)}`);
  return all.some(({ outcome }) => outcome === 'FAULT') ? 1 : 0;
}

async function allCases(around: Surroundings): Promise<CrashCase[]> {
  const temperaments = options.temperament ? [options.temperament] : (['tidy', 'rough'] as const);
  const lists = await Promise.all(temperaments.map((temperament) => listCases(temperament, around)));
  return lists.flat();
}

function chosen(cases: readonly CrashCase[]): readonly CrashCase[] {
  const { only, fixed, sample, seed } = options;
  const matching = cases.filter((one) => (only?.test(one.id) ?? true) && (!fixed || isInFixedPart(one)));
  if (sample === undefined) return matching;
  say(`${sample} by chance, with --seed ${seed}`);
  return sampleOf(matching, sample, seed);
}
