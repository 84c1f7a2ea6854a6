import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { StepContext } from '../contract.ts';

const testDocument = z.strictObject({ tenant: z.string(), id: z.union([z.string(), z.number()]) });
export type TestDocument = z.infer<typeof testDocument>;

const fileOf = ({ evidenceFolder }: StepContext): string => join(evidenceFolder, 'test-documents.json');

/** Test documents that were created and not deleted again as far as is known: on the disk, since a later step may run in a later process. */
export async function openTestDocuments(context: StepContext): Promise<TestDocument[]> {
  const text = await readFile(fileOf(context), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '[]';
    throw error;
  });
  return z.array(testDocument).parse(JSON.parse(text));
}

export async function rememberTestDocument(context: StepContext, document: TestDocument): Promise<void> {
  await write(context, [...(await openTestDocuments(context)), document]);
}

export async function forgetTestDocument(context: StepContext, { tenant, id }: TestDocument): Promise<void> {
  const open = await openTestDocuments(context);
  await write(
    context,
    open.filter((each) => each.tenant !== tenant || each.id !== id),
  );
}

async function write(context: StepContext, documents: readonly TestDocument[]): Promise<void> {
  const unfinished = `${fileOf(context)}.new`;
  await writeFile(unfinished, JSON.stringify(documents), { mode: 0o600, flush: true });
  await rename(unfinished, fileOf(context));
}
