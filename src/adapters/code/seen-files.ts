import { chmod, copyFile, mkdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { sha256 } from '../../core/digest.ts';
import { explain, RollbackdError } from '../../core/errors.ts';
import { asideOf, type Checkout } from './checkout.ts';
import type { PathsByKind } from './commit-differences.ts';
import type { Git } from './git-command.ts';

const paths = z.array(z.string());

const note = z.strictObject({
  under: z.string(),
  /** Digests of the indexes: half of one is none. */
  index: z.string(),
  expected: z.string(),
  head: z.string(),
  tree: z.string(),
  changed: paths,
  unborn: paths,
  legacy: z.string(),
  toLegacy: z.strictObject({ added: paths, removed: paths, altered: paths, retyped: paths }),
  staged: z.string(),
  savedAs: z.string().optional(),
});

/** The files of the checkout as they were when git last read them for a run. */
export interface SeenFiles {
  /** An index that knows each of them by its stat: what has not been touched since need not be read again. */
  readonly index: string;
  /** An index of the legacy commit that knows those of them that are the same there. */
  readonly expected: string;
  /** The tree of `index`. */
  readonly tree: string;
  /** Where the checkout stood. */
  readonly head: string;
  /** Files of `head` that the tree has otherwise or not at all. */
  readonly changed: readonly string[];
  /** Files of the tree that `head` does not know. */
  readonly unborn: readonly string[];
  /** What the checkout's own index held otherwise than `head`: its digest. */
  readonly staged: string;
  /** The commit that keeps the tree, where it is not that of `head`. */
  readonly savedAs?: string | undefined;
  readonly legacy: string;
  /** From `head` to the legacy commit. */
  readonly toLegacy: PathsByKind;
  /** `circumstances` when they were read. */
  readonly under: string;
}

/**
 * What this run has seen, or undefined where that proves nothing any more: after a restart of the host, which may have
 * lost contents that were not on the disk yet, and under other filters or line endings.
 */
export async function readSeen(checkout: Checkout, run: string, under: string): Promise<SeenFiles | undefined> {
  const { index, expected, file } = filesOf(checkout, run);
  const text = await readFile(file, 'utf8').catch(ignoreMissing);
  const { data } = note.safeParse(parsed(text ?? ''));
  if (data?.under !== under) return undefined;
  const isWhole = (await digestOf(index)) === data.index && (await digestOf(expected)) === data.expected;
  return isWhole ? { ...data, index, expected } : undefined;
}

async function digestOf(file: string): Promise<string | undefined> {
  const bytes = await readFile(file).catch(ignoreMissing);
  return bytes && sha256(bytes);
}

/** Notes what was seen, with copies of both indexes. */
export async function noteSeen(checkout: Checkout, run: string, seen: SeenFiles): Promise<SeenFiles> {
  const { index, expected, file } = filesOf(checkout, run);
  try {
    await mkdir(asideOf(checkout, run), { recursive: true, mode: 0o700 });
    await rm(file, { force: true });
    await copyIndex(seen.index, index);
    await copyIndex(seen.expected, expected);
    const text = JSON.stringify({ ...seen, index: await digestOf(index), expected: await digestOf(expected) });
    await writeFile(`${file}.new`, text, { mode: 0o600 });
    await rename(`${file}.new`, file);
    return { ...seen, index, expected };
  } catch (cause) {
    throw new RollbackdError('code', `${file} could not be written: ${explain(cause)}`, {
      remedy: `let rollbackd's user write to ${checkout.gitFolder}, and see that its disk is not full`,
      cause,
    });
  }
}

export async function forgetSeen(checkout: Checkout, run: string): Promise<void> {
  for (const file of Object.values(filesOf(checkout, run))) await rm(file, { force: true });
}

/**
 * A file that was changed in the second in which its index was written is read again by git (it could have been changed
 * in that very second once more). A copy must therefore not be younger than the index.
 */
export async function copyIndex(from: string, to: string): Promise<void> {
  const { mtimeMs } = await stat(from);
  await copyFile(from, to);
  await chmod(to, 0o600);
  await utimes(to, Math.floor(mtimeMs / 1_000), Math.floor(mtimeMs / 1_000));
}

/** What decides, besides the bytes of a file and the attributes in the checkout, whether git calls it unchanged, and whether its stat tells. */
export async function circumstances(git: Git, { commonFolder }: Checkout, signal: AbortSignal): Promise<string> {
  const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8');
  const attributes = await readFile(join(commonFolder, 'info/attributes'), 'utf8').catch(ignoreMissing);
  const { stdout } = await git.run(['config', '--list', '--null'], signal);
  return sha256(JSON.stringify([boot, attributes, stdout]));
}

function filesOf(checkout: Checkout, run: string): { index: string; expected: string; file: string } {
  const aside = asideOf(checkout, run);
  return { index: join(aside, 'seen.index'), expected: join(aside, 'expected.index'), file: join(aside, 'seen.json') };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function ignoreMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}
