import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { countStage } from './count-stage.ts';
import { runBeside, runStage } from './run-stage.ts';
import type { StageResult } from './stage.ts';
import { atATime, demos, oneByOne } from './stages.ts';
import { summary } from './summary.ts';

// node scripts/ci/main.ts FOLDER: everything after the installation, with a summary that counts what .ci/run has done before, too.
const folder = process.argv[2];
if (folder === undefined) throw new TypeError('usage: main.ts FOLDER');
const surroundings = { folder, write: (text: string) => void process.stdout.write(text) };

const before = stagesBefore(join(folder, 'before'));
const secondsBefore = before.reduce((sum, { seconds }) => sum + seconds, 0);
const results = [...before];
for (const stage of oneByOne) results.push(await runStage(stage, surroundings));
results.push(...(await runBeside(demos, atATime, surroundings)));
process.stdout.write(summary(results, secondsBefore + process.uptime()));
process.exitCode = results.every(({ counts }) => counts.failed === 0) ? 0 : 1;

/** One line each: name, exit code, seconds, log file, with a tab between. */
function stagesBefore(file: string): StageResult[] {
  if (!existsSync(file)) return [];
  return readFileSync(file, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => {
      const [name = '', code = '1', seconds = '0', log = ''] = line.split('\t');
      const output = readFileSync(log, 'utf8');
      const counts = countStage({ name, code: Number(code), output, report: undefined });
      return { name, code: Number(code), seconds: Number(seconds), counts };
    });
}
