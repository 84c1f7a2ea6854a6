import { randomBytes } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { StepContext } from '../contract.ts';

const testDocument = z.strictObject({
  tenant: z.string(),
  /** A word that stands in no other document; in small letters, since an application may make them so. */
  mark: z.string(),
  /** Known once the application has answered. */
  id: z.union([z.string(), z.number()]).optional(),
});
export type TestDocument = z.infer<typeof testDocument>;

export const newMark = (): string => `rbk${randomBytes(5).toString('hex')}`;

const fileOf = ({ evidenceFolder }: StepContext): string => join(evidenceFolder, 'test-documents.json');

/** Test documents that were to be created and are not deleted again as far as is known: on the disk, since a later step may run in a later process. */
export async function openTestDocuments(context: StepContext): Promise<TestDocument[]> {
  const text = await readFile(fileOf(context), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '[]';
    throw error;
  });
  return z.array(testDocument).parse(JSON.parse(text));
}

/** Once before it is created, and again when its id is known. */
export async function rememberTestDocument(context: StepContext, document: TestDocument): Promise<void> {
  await write(context, [...(await others(context, document)), document]);
}

export async function forgetTestDocument(context: StepContext, document: TestDocument): Promise<void> {
  await write(context, await others(context, document));
}

const others = async (context: StepContext, { mark }: TestDocument): Promise<TestDocument[]> =>
  (await openTestDocuments(context)).filter((each) => each.mark !== mark);

async function write(context: StepContext, documents: readonly TestDocument[]): Promise<void> {
  const unfinished = `${fileOf(context)}.new`;
  await writeFile(unfinished, JSON.stringify(documents), { mode: 0o600, flush: true });
  await rename(unfinished, fileOf(context));
}
