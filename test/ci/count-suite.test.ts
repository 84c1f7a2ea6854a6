import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { countStage } from '../../scripts/ci/count-stage.ts';
import { countSuite } from '../../scripts/ci/count-suite.ts';

const vitest = join(import.meta.dirname, '../../node_modules/vitest/vitest.mjs');

/** What stands in each file of a suite in which everything occurs that must not be overlooked. */
const files = {
  'good.test.js': "it('is good', () => {}); it('is good too', () => {});",
  'bad.test.js': "it('is bad', () => { throw new Error('the reason why'); }); it('is good', () => {});",
  'left-out.test.js': "it.skip('is skipped', () => {}); it.todo('is to be done'); it('is good', () => {});",
  'broken.test.js': "throw new Error('nobody can load it');",
  'hook.test.js': "beforeAll(() => { throw new Error('no beginning'); }); it('never begins', () => {});",
};

function report(which: readonly (keyof typeof files)[]): Promise<{ code: number; text: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'rollbackd-suite-'));
  made.push(folder);
  for (const name of which) writeFileSync(join(folder, name), files[name]);
  const file = join(folder, 'report.json');
  const args = [vitest, 'run', '--root', folder, '--globals', '--reporter=json', `--outputFile=${file}`];
  return new Promise((resolve) => {
    execFile(process.execPath, args, (error) =>
      resolve({ code: Number(error?.code ?? 0), text: readFileSync(file, 'utf8') }),
    );
  });
}

const made: string[] = [];
afterAll(() => {
  for (const folder of made) rmSync(folder, { recursive: true, force: true });
});

describe('the report of a real run', () => {
  let mixed: { code: number; text: string };

  beforeAll(async () => {
    mixed = await report(Object.keys(files) as (keyof typeof files)[]);
  });

  it('is counted test by test: what was skipped, is to be done or never began has failed, and so has a file that fell', () => {
    expect(mixed.code).toBe(1);
    expect(countSuite(mixed.text)).toMatchObject({ passed: 4, failed: 6 });
  });

  it('names each test that failed, with its first lines', () => {
    const failures = countSuite(mixed.text)?.failures.join('\n') ?? '';
    expect(failures).toMatch(/bad\.test\.js > is bad\n.*the reason why/);
    expect(failures).toMatch(/left-out\.test\.js > is skipped\n.*nothing may be left out/);
    expect(failures).toMatch(/left-out\.test\.js > is to be done\n.*nothing may be left out/);
    expect(failures).toMatch(/broken\.test\.js\n.*nobody can load it/);
    expect(failures).toMatch(/hook\.test\.js[\s\S]*no beginning/);
  });

  it('is well where all passed', async () => {
    const good = await report(['good.test.js']);
    const counts = countStage({ name: 'tests', code: good.code, output: '', report: good.text });
    expect(counts).toEqual({ passed: 2, failed: 0, failures: [] });
  });

  it('fails where a test was left out, though vitest ends with 0', async () => {
    const leftOut = await report(['left-out.test.js']);
    expect(leftOut.code).toBe(0);
    expect(countStage({ name: 'tests', code: 0, output: '', report: leftOut.text })).toMatchObject({
      passed: 1,
      failed: 2,
    });
  });

  it('fails once where all passed and vitest did not end with 0', async () => {
    const { text } = await report(['good.test.js']);
    const counts = countStage({ name: 'tests', code: 1, output: 'Unhandled Rejection', report: text });
    expect(counts).toEqual({ passed: 2, failed: 1, failures: ['tests ended with 1\n  Unhandled Rejection'] });
  });
});

it.each(['', 'no JSON', '{"testResults": 1}'])(
  'without a report the stage has failed, whatever its code: %j',
  (text) => {
    const { passed, failed, failures } = countStage({ name: 'tests', code: 0, output: 'the end', report: text });
    expect({ passed, failed }).toEqual({ passed: 0, failed: 1 });
    expect(failures).toEqual(['tests left no report\n  the end']);
  },
);
