import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { describe, expect, it } from 'vitest';
import { countStage } from '../../scripts/ci/count-stage.ts';
import { runBeside, runStage } from '../../scripts/ci/run-stage.ts';
import type { Stage, StageResult } from '../../scripts/ci/stage.ts';
import { summary } from '../../scripts/ci/summary.ts';

const program = (name: string, script: string): Stage => ({ name, command: [process.execPath, '-e', script] });
const ended = (name: string, code: number, output: string) => countStage({ name, code, output, report: undefined });

describe('a stage that is no suite', () => {
  it('counts as one', () => {
    expect(ended('check', 0, 'fine')).toEqual({ passed: 1, failed: 0, failures: [] });
  });

  it('that fails is told with the end of its log', () => {
    const output = Array.from({ length: 100 }, (_, line) => `line ${line}`).join('\n');
    const { passed, failed, failures } = ended('check', 2, output);
    expect({ passed, failed }).toEqual({ passed: 0, failed: 1 });
    expect(failures[0]).toMatch(/^check ended with 2\n {2}line 70\n[\s\S]*line 99$/);
  });

  it('that is a demo is told with what it found amiss, and with what rollbackd said last', () => {
    const steps = Array.from({ length: 40 }, (_, step) => `  step ${step}`);
    const output = ['rollbackd said last', '{"msg":"stuck"}', ...steps, 'AMISS', '  the rollback failed'].join('\n');
    const [failure = ''] = ended('demo leak', 1, output).failures;
    expect(failure).toContain('{"msg":"stuck"}');
    expect(failure).toMatch(/AMISS\n\s+the rollback failed$/);
    expect(failure).not.toContain('step 39');
  });

  it('is run to its end, its output written as it comes, with its time and its code', async () => {
    const written: string[] = [];
    const surroundings = { folder: '/nowhere', write: (text: string) => void written.push(text) };
    const stage = program('demo', "console.log('out'); console.error('err'); process.exitCode = 3");
    const result = await runStage(stage, surroundings);
    expect(result).toMatchObject({ name: 'demo', code: 3, counts: { passed: 0, failed: 1 } });
    expect(result.seconds).toBeGreaterThan(0);
    expect(written.join('')).toMatch(/^\n===== demo: .*\n[\s\S]*(out\nerr|err\nout)\n===== demo: exit 3 after \d+s\n$/);
  });

  it('that a signal ends has failed', async () => {
    const stage = program('demo', "process.kill(process.pid, 'SIGKILL')");
    const result = await runStage(stage, { folder: '/nowhere', write: () => {} });
    expect(result).toMatchObject({ code: 1, counts: { failed: 1 } });
  });
});

describe('stages side by side', () => {
  /** Ends only when the other one has begun: one after the other they would never end. */
  const meeting = (own: string, other: string) =>
    `const fs = require('node:fs'); console.log('begin ${own}'); fs.writeFileSync('${own}', '');
     const timer = setInterval(() => fs.existsSync('${other}') && (console.log('end ${own}'), clearInterval(timer)), 5)`;

  it('run at the same time, are written each in one piece, and are told in their order', async () => {
    await using folder = await temporary();
    const [a, b] = ['a', 'b'].map((name) => `${folder.path}/${name}`) as [string, string];
    const written: string[] = [];
    const stages = [program('a', meeting(a, b)), program('b', meeting(b, a)), program('c', "console.log('c')")];
    const results = await runBeside(stages, 2, { folder: folder.path, write: (text) => void written.push(text) });
    expect(results.map(({ name, code }) => [name, code])).toEqual([
      ['a', 0],
      ['b', 0],
      ['c', 0],
    ]);
    expect(written).toHaveLength(3);
    for (const text of written) expect(text.match(/^===== \w+: exit/gm)).toHaveLength(1);
    expect(written.find((text) => text.includes(`begin ${a}`))).toContain(`end ${a}`);
  });
});

describe('the summary', () => {
  const result = (name: string, seconds: number, passed: number, failures: readonly string[]): StageResult => ({
    ...{ name, seconds, code: failures.length > 0 ? 1 : 0 },
    counts: { passed, failed: failures.length, failures },
  });

  it('tells the time of each stage, each failure once more, and last the sum', () => {
    const results = [result('tests', 100.4, 10, ['a.test.ts > it\n  why']), result('check', 8, 1, [])];
    expect(summary(results, 108)).toBe(
      [
        '',
        '===== stages',
        '  100s  exit 1  tests: 10 passed, 1 failed',
        '    8s  exit 0  check: 1 passed, 0 failed',
        '  108s  in all',
        '',
        '===== once more, what failed',
        'in tests: a.test.ts > it',
        '  why',
        '',
        '11 passed, 1 failed',
        '',
      ].join('\n'),
    );
  });

  it('says nothing of failures where there are none', () => {
    expect(summary([result('check', 8, 1, [])], 8)).not.toContain('once more');
  });
});

async function temporary() {
  const path = await mkdtemp(`${tmpdir()}/rollbackd-stages-`);
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}
