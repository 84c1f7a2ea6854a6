import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { z } from 'zod';
import { explain, RollbackdError } from '../core/errors.ts';

const learntRoute = z.strictObject({
  p95: z.number().positive(),
  requests: z.int().positive(),
  /** p95 by hour of the day, UTC. */
  hours: z.record(z.string().regex(/^(1?\d|2[0-3])$/), z.number().positive()).optional(),
});

/** p95 by route in ms, with of how many requests. */
export type Learnt = ReadonlyMap<string, z.infer<typeof learntRoute>>;

/** What the log has told of the legacy system, kept for when rotation has taken those lines away. */
const learntFile = z.strictObject({
  /** Of another cut-over it says nothing: its lines may be from after this one. */
  cutoverAt: z.int(),
  routes: z.record(z.string(), learntRoute),
});

/**
 * Nothing where there is no such file, or one for another cut-over. Errors: RollbackdError with reason `baseline`; what
 * makes no sense is then moved aside, so that it is told once and learnt anew.
 */
export async function readLearnt(file: string, cutoverAt: number): Promise<Learnt> {
  const content = await contentOf(file);
  if (content === undefined) return new Map();
  try {
    const kept = learntFile.parse(JSON.parse(content));
    return new Map(kept.cutoverAt === cutoverAt ? Object.entries(kept.routes) : []);
  } catch (cause) {
    throw await movedAside(file, cause);
  }
}

async function contentOf(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw fault(`${file}, where the latency baseline is kept, cannot be read`, cause);
  }
}

async function movedAside(file: string, cause: unknown): Promise<RollbackdError> {
  const aside = `${file}.corrupt`;
  const what = `${file}, where the latency baseline is kept, makes no sense`;
  try {
    await rename(file, aside);
  } catch (failure) {
    return fault(`${what}, and cannot be moved to ${aside}`, failure);
  }
  return new RollbackdError('baseline', `${what}, and is now ${aside}: ${explain(cause)}`, {
    remedy: 'what it knew of lines that rotation has taken away is in there, or in a copy of yours',
    cause,
  });
}

/** All of it or nothing. Errors: RollbackdError with reason `baseline`. */
export async function keepLearnt(file: string, cutoverAt: number, learnt: Learnt): Promise<void> {
  const unfinished = `${file}.new`;
  try {
    const content = { cutoverAt, routes: Object.fromEntries(learnt) };
    await writeFile(unfinished, `${JSON.stringify(content)}\n`, { flush: true });
    await rename(unfinished, file);
  } catch (cause) {
    await rm(unfinished, { force: true }).catch(() => {});
    throw fault(`${file}, where the latency baseline is kept, cannot be written`, cause);
  }
}

/** Each route as it is known from more requests. */
export function better(kept: Learnt, read: Learnt): Learnt {
  const newer = [...read].filter(([route, { requests }]) => requests > (kept.get(route)?.requests ?? 0));
  return new Map([...kept, ...newer]);
}

const fault = (message: string, cause: unknown) =>
  new RollbackdError('baseline', `${message}: ${explain(cause)}`, {
    remedy: "see that state.folder is rollbackd's own to read and write",
    cause,
  });
