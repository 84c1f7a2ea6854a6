export interface Patience {
  readonly everyMs: number;
  readonly withinMs: number;
}

/** Asks until there is an answer; `undefined` where there was none in time. */
export async function poll<T>(
  ask: () => Promise<T | undefined>,
  { everyMs, withinMs }: Patience,
): Promise<T | undefined> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined || performance.now() > deadline) return answer;
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}
