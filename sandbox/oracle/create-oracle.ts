import { MongoClient } from 'mongodb';
import { createSeed } from '../seed/create-seed.ts';
import { type Captured, capture, hashFile } from './capture.ts';
import type { OracleCase, OracleInput } from './case.ts';
import { judgeCode, judgeLegacyEnvironment } from './judge-code.ts';
import {
  judgeExtraCollections,
  judgeLegacyDocuments,
  judgeLegacyUnchanged,
  judgeUnifiedDocuments,
} from './judge-documents.ts';
import { judgeLeftOver, judgeProcesses, judgeSameProcesses } from './judge-machine.ts';
import { judgeDatabaseInUse, judgeServed } from './judge-served.ts';
import { type ObservedLeakClock, startLeakClock } from './leak-clock.ts';
import type { Oracle, OracleVerdict, UntouchedOptions } from './verdict.ts';

export interface RunningOracle extends Oracle, AsyncDisposable {
  /** Tells running clocks what another client was given. */
  observe(slug: string, at: number, body: string): void;
}

/** Remembers how everything is now; `root` is the folder that everything of the sandbox lies in. */
export async function createOracle(input: OracleInput, root: string): Promise<RunningOracle> {
  const client = await new MongoClient(input.adminUri, { serverSelectionTimeoutMS: 5_000 }).connect();
  const oracle: OracleCase = { ...input, client, grown: createSeed(input.seed) };
  const captured = await capture(oracle);
  const clocks = new Set<ObservedLeakClock>();
  return {
    async startLeakClock() {
      const clock = startLeakClock(oracle);
      clocks.add(clock);
      return clock;
    },
    observe: (slug, at, body) => {
      for (const clock of clocks) clock.observe(slug, at, body);
    },
    judgeRolledBack: () => judgeRolledBack(oracle, captured, root),
    judgeUntouched: (options) => judgeUntouched(oracle, captured, root, options),
    async [Symbol.asyncDispose]() {
      await Promise.all([...clocks].map((clock) => clock[Symbol.asyncDispose]()));
      await client.close();
    },
  };
}

async function judgeRolledBack(oracle: OracleCase, captured: Captured, root: string): Promise<OracleVerdict> {
  const documents = await judgeLegacyDocuments(oracle);
  return verdict(documents.perTenant, [
    ...documents.findings,
    ...(await judgeExtraCollections(oracle, captured)),
    ...(await judgeUnifiedDocuments(oracle, captured)),
    ...(await judgeCode(oracle, oracle.repository.legacyCommit)),
    ...(await judgeLegacyEnvironment(oracle)),
    ...(await judgeProcesses(oracle)),
    ...(await judgeServed(oracle, { version: 'legacy', sameIds: true })),
    ...(await judgeDatabaseInUse(oracle)),
    ...(await judgeLeftOver(oracle, root)),
  ]);
}

async function judgeUntouched(
  oracle: OracleCase,
  captured: Captured,
  root: string,
  { serves = true, sameProcesses = false }: UntouchedOptions = {},
): Promise<OracleVerdict> {
  const { perTenant } = await judgeLegacyDocuments(oracle);
  const envChanged = (await hashFile(oracle.repository.envFile)) !== captured.envHash;
  return verdict(perTenant, [
    ...(await judgeLegacyUnchanged(oracle, captured)),
    ...(await judgeUnifiedDocuments(oracle, captured)),
    ...(await judgeCode(oracle, oracle.repository.unifiedCommit)),
    ...(envChanged ? ['.env has changed'] : []),
    ...(serves ? await judgeProcesses(oracle) : []),
    ...(sameProcesses ? await judgeSameProcesses(oracle, captured) : []),
    ...(serves ? await judgeServed(oracle, { version: 'unified', sameIds: false }) : []),
    ...(await judgeLeftOver(oracle, root)),
  ]);
}

function verdict(perTenant: OracleVerdict['perTenant'], findings: readonly string[]): OracleVerdict {
  return { agrees: findings.length === 0, findings, perTenant };
}
