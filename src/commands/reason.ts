import { z } from 'zod';

/** As much as Slack's form takes: every message about it carries it whole. */
const longest = 1_000;

/** Whoever reads the journal later wants to know why. */
export const reasonText = z
  .string()
  .trim()
  .min(1, 'a reason must be given: it is written down')
  .max(longest, `a reason has at most ${longest} characters: everybody reads it in each message`);
