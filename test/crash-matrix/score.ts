import { z } from 'zod';
import { phase } from '../../src/model/plan.ts';

/** The programs that change something during a run. */
export const programs = ['git', 'npm', 'mongodump', 'mongorestore', 'pm2'] as const;
export type Program = (typeof programs)[number];

const playedStep = z.strictObject({
  id: z.string(),
  action: z.string(),
  phase,
  /** What it started, each once, in their order. */
  programs: z.array(z.enum(programs)),
});
export type PlayedStep = z.infer<typeof playedStep>;

/** What a run does that nothing disturbs, as its own journal has it: every case strikes at one place of it. */
export const score = z.array(playedStep);
export type Score = z.infer<typeof score>;

/** npm and pm2 are files that the target's Node runs, pm2 by a loader; a file may have its version in its name. */
const wordsLooked = 4;

export function programOf(command: readonly string[]): Program | undefined {
  const names = command.slice(0, wordsLooked).map((word) =>
    word
      .split('/')
      .at(-1)
      ?.replace(/(-cli)?\.js$|-\d[\d.]*$/, ''),
  );
  return programs.find((program) => names.includes(program));
}
