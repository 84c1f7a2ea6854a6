import { link, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { z } from 'zod';
import { explain, RollbackdError } from '../core/errors.ts';

/** What `rollbackd baseline` writes, and `baseline.latency.file` names. */
const latencyFile = z.strictObject({
  /** When the last answer was there. */
  capturedAt: z.iso.datetime(),
  /** Who has said that it was the legacy system that answered, though the cut-over had been. */
  forcedBy: z.string().min(1).optional(),
  routes: z.record(z.string(), z.strictObject({ p95: z.number().positive(), requests: z.int().positive() })),
});
export type LatencyFile = z.infer<typeof latencyFile>;

/** Errors: RollbackdError with reason `baseline`, where it was measured on what came after the cut-over too. */
export async function readLatencyFile(file: string, cutoverAt: number): Promise<LatencyFile> {
  const content = await parsed(file);
  if (content.forcedBy !== undefined || Date.parse(content.capturedAt) < cutoverAt) return content;
  throw new RollbackdError(
    'baseline',
    `${file} was captured at ${content.capturedAt}, after the cut-over: it is no measure of the legacy system`,
    { remedy: 'leave it out; or see that migration.cutoverAt is right' },
  );
}

async function parsed(file: string): Promise<LatencyFile> {
  try {
    return latencyFile.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch (cause) {
    const what = cause instanceof z.ZodError ? z.prettifyError(cause) : explain(cause);
    throw new RollbackdError('baseline', `${file} is no latency baseline: ${what}`, {
      remedy: 'name in baseline.latency.file what `rollbackd baseline --out FILE` wrote, or leave it out',
      cause,
    });
  }
}

/** What was good is known once: an earlier measurement is not overwritten. Errors: RollbackdError with reason `baseline`. */
export async function refuseToOverwrite(file: string): Promise<void> {
  if (await stat(file).catch(() => undefined)) throw overwriting(file);
}

/** All of it or nothing. Errors: RollbackdError with reason `baseline`, where there is such a file already too. */
export async function writeLatencyFile(file: string, content: LatencyFile): Promise<void> {
  const unfinished = `${file}.${process.pid}.new`;
  try {
    await writeFile(unfinished, `${JSON.stringify(content, null, 2)}\n`, { flush: true });
    await link(unfinished, file);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'EEXIST') throw overwriting(file);
    throw new RollbackdError('baseline', `${file} cannot be written: ${explain(cause)}`, {
      remedy: 'name with --out a file in a folder that exists and that you may write to',
      cause,
    });
  } finally {
    await rm(unfinished, { force: true });
  }
}

const overwriting = (file: string) =>
  new RollbackdError('baseline', `${file} is there already, and is not overwritten`, {
    remedy: 'give another name, or move it away if what it holds is not wanted any more',
  });
