import type { Captured } from './capture.ts';
import { compareDigests, digestDatabase } from './capture.ts';
import type { OracleCase } from './case.ts';
import { type CollectionDifference, compareCollection } from './documents.ts';
import type { TenantCounts } from './verdict.ts';

export interface DocumentsJudgement {
  readonly findings: readonly string[];
  readonly perTenant: readonly TenantCounts[];
}

/** Every legacy database against the seed. */
export async function judgeLegacyDocuments(oracle: OracleCase): Promise<DocumentsJudgement> {
  const findings: string[] = [];
  const perTenant: TenantCounts[] = [];
  for (const { name, slug, collections } of oracle.grown.databases) {
    let [before, after, added] = [0, 0, 0];
    for (const collection of collections) {
      const difference = await compareCollection(oracle.client.db(name).collection(collection.name), collection);
      findings.push(...describe(`${name}.${collection.name}`, difference));
      before += collection.documents.length;
      after += difference.equal;
      added += difference.traffic;
    }
    if (slug !== undefined) perTenant.push({ slug, before, after, added });
  }
  return { findings, perTenant };
}

function describe(where: string, difference: CollectionDifference): string[] {
  const some = (what: string, names: readonly string[]): string[] =>
    names.length === 0 ? [] : [`${where}: ${names.length} ${what} (${names.slice(0, 3).join(', ')})`];
  return [
    ...some('documents of the seed missing', difference.missing),
    ...some('documents of the seed changed', difference.changed),
    ...some('documents that are neither of the seed nor of the traffic', difference.foreign),
    ...some('indexes missing', difference.missingIndexes),
  ];
}

/** Nothing is ever taken from the unified database: people may want to go forward again. */
export async function judgeUnifiedDocuments(oracle: OracleCase, captured: Captured): Promise<string[]> {
  return compareDigests(
    oracle.unifiedDatabase,
    captured.unified,
    await digestDatabase(oracle.client, oracle.unifiedDatabase),
  );
}

export async function judgeLegacyUnchanged(oracle: OracleCase, captured: Captured): Promise<string[]> {
  const findings: string[] = [];
  for (const [name, before] of captured.legacy) {
    findings.push(...compareDigests(name, before, await digestDatabase(oracle.client, name)));
  }
  return findings;
}

/** What lay beside the seed's collections was to be kept. */
export async function judgeExtraCollections(oracle: OracleCase, captured: Captured): Promise<string[]> {
  const findings: string[] = [];
  for (const { name, collections } of oracle.grown.databases) {
    const ofSeed = new Set(collections.map((collection) => collection.name));
    const before = [...(captured.legacy.get(name)?.keys() ?? [])]
      .filter((collection) => !ofSeed.has(collection))
      .sort();
    const now = await oracle.client.db(name).listCollections({}, { nameOnly: true }).toArray();
    const after = now
      .map((collection) => collection.name)
      .filter((collection) => !ofSeed.has(collection))
      .sort();
    if (before.join() !== after.join())
      findings.push(`${name} had ${before.join(', ') || 'no'} other collections and has ${after.join(', ') || 'none'}`);
  }
  return findings;
}
