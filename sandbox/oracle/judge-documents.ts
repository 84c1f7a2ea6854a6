import type { Document } from 'mongodb';
import { createTenantOf } from '../seed/tenant-of.ts';
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
  const { grown } = oracle;
  const tenantOf = createTenantOf(grown);
  const counts = new Map(grown.tenants.map(({ slug }) => [slug, { slug, before: 0, after: 0, added: 0 }]));
  for (const database of grown.databases) {
    const add = (documents: readonly Document[], sum: 'before' | 'after' | 'added', by: number) => {
      for (const document of documents) {
        const tenant = counts.get(tenantOf(database, document) ?? '');
        if (tenant) tenant[sum] += by;
      }
    };
    for (const collection of database.collections) {
      const stored = oracle.client.db(database.name).collection(collection.name);
      const difference = await compareCollection(stored, collection);
      findings.push(...describe(`${database.name}.${collection.name}`, difference));
      add(collection.documents, 'before', 1);
      add(collection.documents, 'after', 1);
      add(difference.lacking, 'after', -1);
      add(difference.traffic, 'added', 1);
    }
  }
  return { findings, perTenant: [...counts.values()] };
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
