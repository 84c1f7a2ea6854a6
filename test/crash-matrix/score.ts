import { basename } from 'node:path';
import { z } from 'zod';
import { phase } from '../../src/model/plan.ts';

/** Those that a run starts. */
const programs = ['git', 'npm', 'mongodump', 'mongorestore', 'pm2'];

const playedStep = z.strictObject({
  id: z.string(),
  action: z.string(),
  phase,
  /** What it started, each once, in their order. */
  programs: z.array(z.string()),
});
export type PlayedStep = z.infer<typeof playedStep>;

/** What a run does that nothing disturbs, as its own journal has it: every case strikes at one place of it. */
export const score = z.array(playedStep);
export type Score = z.infer<typeof score>;

/** Of git's orders those that leave nothing in the checkout: there are many, and where one of them is killed makes no difference. */
const looking = /^git (?:rev-parse|ls-|read-tree|update-index|diff-|hash-object|config)/;

/** npm and pm2 are files that the target's Node runs, pm2 by a loader; a file may have its version in its name. */
const wordsLooked = 4;

/** The program, and what it was told to do: `npm ci`, `git worktree`, `mongodump`. Undefined for what only looks. */
export function programOf(command: readonly string[]): string | undefined {
  const names = command.slice(0, wordsLooked).map((word) => basename(word).replace(/(-cli)?\.js$|-\d[\d.]*$/, ''));
  const program = programs.find((one) => names.includes(one));
  if (program === undefined) return undefined;
  const order = command.slice(names.indexOf(program) + 1).find((word) => /^[a-z][a-z-]*$/.test(word));
  const said = order === undefined || program.startsWith('mongo') ? program : `${program} ${order}`;
  return looking.test(said) ? undefined : said;
}
