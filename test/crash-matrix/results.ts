import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import { outcomes } from './judge.ts';

/** What came of a case. */
export const result = z.strictObject({
  commit: z.string(),
  id: z.string(),
  kind: z.string(),
  temperament: z.enum(['tidy', 'rough']),
  outcome: z.enum(outcomes),
  /** False where the moment had passed: the run was not disturbed. */
  hit: z.boolean(),
  faults: z.array(z.string()),
  /** What else is worth knowing, such as the words at each stop. */
  notes: z.array(z.string()),
  documents: z.number(),
  lost: z.number(),
  doubled: z.number(),
  seconds: z.number(),
});
export type Result = z.infer<typeof result>;

/** Lines of JSON, one a case, kept from one call to the next. */
export class Results {
  readonly #file: string;
  readonly #commit: string;

  constructor(file: string, commit: string) {
    this.#file = file;
    this.#commit = commit;
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  }

  /** Of this commit, by their ids; of several of one case the last. A line that a kill has torn is none. */
  read(): ReadonlyMap<string, Result> {
    if (!existsSync(this.#file)) return new Map();
    const lines = readFileSync(this.#file, 'utf8').split('\n');
    const read = lines.flatMap((line) => parse(line) ?? []).filter(({ commit }) => commit === this.#commit);
    return new Map(read.map((one) => [one.id, one]));
  }

  add(one: Result): void {
    appendFileSync(this.#file, `${JSON.stringify(one)}\n`, { mode: 0o600 });
  }
}

function parse(line: string): Result | undefined {
  try {
    return result.parse(JSON.parse(line));
  } catch {
    return undefined;
  }
}
