import {
  appendFileSync,
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fileLogs } from '../../../src/adapters/logs/files.ts';

type Act = { readonly kind: 'write'; readonly text: string } | { readonly kind: 'rotate' };
type Method = 'rename' | 'copytruncate';

/** A writer that knows which whole lines it wrote, and a log rotation with numbers. Time moves one second an act. */
class WrittenLog {
  readonly file: string;
  readonly #folder: string;
  readonly #method: Method;
  #lines: string[] = [];
  #half = '';
  #now = 1_000_000;

  constructor(folder: string, method: Method) {
    this.#folder = folder;
    this.#method = method;
    this.file = join(folder, 'out.log');
    writeFileSync(this.file, '');
  }

  act(act: Act): void {
    this.#now += 1;
    if (act.kind === 'rotate') this.#rotate();
    else this.#write(act.text);
  }

  /** From here on, only what is completed counts. */
  forget(): void {
    this.#lines = [];
  }

  get lines(): readonly string[] {
    return this.#lines;
  }

  #write(text: string): void {
    appendFileSync(this.file, text);
    utimesSync(this.file, this.#now, this.#now);
    const parts = (this.#half + text).split('\n');
    this.#half = parts.pop() ?? '';
    this.#lines.push(...parts);
  }

  #rotate(): void {
    const numbers = readdirSync(this.#folder)
      .map((name) => Number(/^out\.log\.(\d+)$/.exec(name)?.[1]))
      .filter((number) => !Number.isNaN(number));
    for (const number of numbers.sort((a, b) => b - a))
      renameSync(`${this.file}.${number}`, `${this.file}.${number + 1}`);
    if (this.#method === 'rename') {
      renameSync(this.file, `${this.file}.1`);
      writeFileSync(this.file, '');
    } else {
      copyFileSync(this.file, `${this.file}.1`);
      utimesSync(`${this.file}.1`, this.#now, this.#now);
      truncateSync(this.file);
    }
    utimesSync(this.file, this.#now, this.#now);
    if (this.#half !== '') this.#lines.push(this.#half);
    this.#half = '';
  }
}

/** Lines are numbered, as time stamps make them in a real log: no two are alike. */
function numbered(acts: readonly Act[]): Act[] {
  let count = 0;
  const next = () => {
    count += 1;
    return `<${count}>`;
  };
  return acts.map((act) => (act.kind === 'write' ? { ...act, text: act.text.replaceAll('N', next) } : act));
}

const write = fc
  .array(fc.constantFrom('N', 'N', 'word ', 'é☕', '\n', 'N\n'), { minLength: 1, maxLength: 8 })
  .map((parts): Act => ({ kind: 'write', text: parts.join('') }));
const acts = fc.array(
  fc.oneof({ weight: 4, arbitrary: write }, { weight: 1, arbitrary: fc.constant<Act>({ kind: 'rotate' }) }),
  {
    maxLength: 14,
  },
);

for (const method of ['rename', 'copytruncate'] as const) {
  test(`whatever is written in whatever portions, rotation by ${method} loses no line and repeats none`, async () => {
    await fc.assert(
      fc.asyncProperty(acts, acts, async (before, after) => {
        const folder = mkdtempSync(join(tmpdir(), 'rollbackd-test-rotation-'));
        try {
          const log = new WrittenLog(folder, method);
          const logs = fileLogs({ config: { eventStart: /^/ } });
          // In a log that is emptied in place, text before the mark is what a rotation is recognised by.
          const story = numbered([...before, { kind: 'write', text: 'N\n' }, ...after]);
          for (const act of story.slice(0, before.length + 1)) log.act(act);
          const mark = await logs.mark(log.file);
          log.forget();
          for (const act of story.slice(before.length + 1)) {
            log.act(act);
            expect(await logs.since(log.file, mark, 1_000)).toEqual(log.lines);
          }
          expect(existsSync(log.file)).toBe(true);
        } finally {
          rmSync(folder, { recursive: true });
        }
      }),
      { numRuns: 150 },
    );
  });
}
