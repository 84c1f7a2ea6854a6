import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { countStage } from './count-stage.ts';
import type { Stage, StageResult } from './stage.ts';

export interface Surroundings {
  /** Where reports are written. */
  readonly folder: string;
  readonly write: (text: string) => void;
}

/** Runs it to its end, whatever that is. What it says is written as it comes. */
export async function runStage(stage: Stage, { folder, write }: Surroundings): Promise<StageResult> {
  const { name, isSuite } = stage;
  const report = isSuite && join(folder, `${name.replaceAll(' ', '-')}.json`);
  const command = [...stage.command, ...(report ? reporting(report) : [])];
  const began = performance.now();
  write(`\n===== ${name}: ${command.join(' ')}\n`);
  const { code, output } = await run(command, write);
  const seconds = (performance.now() - began) / 1_000;
  write(`===== ${name}: exit ${code} after ${seconds.toFixed(0)}s\n`);
  const counts = countStage({ name, code, output, report: report ? await readReport(report) : undefined });
  return { name, code, seconds, counts };
}

/** Beside what people read. */
const reporting = (file: string): string[] => ['--', '--reporter=default', '--reporter=json', `--outputFile=${file}`];

const readReport = (file: string): Promise<string> => readFile(file, 'utf8').catch(() => '');

async function run([program = '', ...args]: readonly string[], write: (text: string) => void) {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const parts: string[] = [];
  const listen = (stream: Readable) =>
    stream.setEncoding('utf8').on('data', (part: string) => {
      parts.push(part);
      write(part);
    });
  for (const stream of [child.stdout, child.stderr]) listen(stream);
  const [code] = (await once(child, 'close')) as [number | null];
  return { code: code ?? 1, output: parts.join('') };
}

/** So many at a time, in their order. What each says is written when it has ended, in one piece. */
export async function runBeside(
  stages: readonly Stage[],
  lanes: number,
  { folder, write }: Surroundings,
): Promise<readonly StageResult[]> {
  const waiting = [...stages.entries()];
  const results: StageResult[] = [];
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [place, stage] = next;
      const said: string[] = [];
      results[place] = await runStage(stage, { folder, write: (text) => said.push(text) });
      write(said.join(''));
    }
  };
  await Promise.all(Array.from({ length: lanes }, work));
  return results;
}
