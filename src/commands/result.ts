import { z } from 'zod';

/** What came of a command, in words for the person who gave it. */
export const commandResult = z.object({
  text: z.string(),
  /** What they must know besides. */
  notes: z.array(z.string()),
});
export type CommandResult = z.infer<typeof commandResult>;

export const done = (text: string, notes: readonly string[] = []): CommandResult => ({ text, notes: [...notes] });
