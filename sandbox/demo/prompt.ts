import { createInterface } from 'node:readline/promises';

export const scenarios = [
  'leak',
  'outage',
  'slow',
  'errors',
  'dbdown',
  'one-tenant',
  'transient',
  'flap',
  'login',
  'feature',
  'burst',
  'prometheus-only',
  'none',
] as const;
export type Scenario = (typeof scenarios)[number];

/** One answer of a person; undefined where they want to end instead (Ctrl-C, Ctrl-D). */
export type AskPerson = (question: string) => Promise<string | undefined>;

/** Undefined where nobody wants to see anything. */
export async function pickScenario(ask: AskPerson): Promise<Scenario | undefined> {
  for (;;) {
    const answer = await ask(`What goes wrong? (${scenarios.join(', ')}) `);
    const picked = scenarios.find((name) => name === answer?.trim());
    if (picked !== undefined || answer === undefined) return picked;
  }
}

/** On a terminal that is being read, Ctrl-C is a key and no signal. */
export const askOnTerminal: AskPerson = async (question) => {
  using terminal = createInterface({ input: process.stdin, output: process.stdout });
  const ended = new Promise<undefined>((resolve) => {
    terminal.once('SIGINT', () => resolve(undefined));
    terminal.once('close', () => resolve(undefined));
  });
  const answered = terminal.question(question);
  answered.catch(() => {});
  const answer = await Promise.race([answered, ended]);
  if (answer === undefined) process.stdout.write('\n');
  return answer;
};
