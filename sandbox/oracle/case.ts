import type { MongoClient } from 'mongodb';
import type { Seed, SeedParameters } from '../seed/seed.ts';

export interface RunningApp {
  readonly name: string;
  readonly pid: number | undefined;
  readonly status: string;
}

/** All that the oracle is told: the seed's numbers, where to look and whom to ask. Nothing of what anybody claims to have done. */
export interface OracleInput {
  readonly seed: SeedParameters;
  readonly adminUri: string;
  readonly unifiedDatabase: string;
  readonly publicUrl: string;
  readonly appPort: number;
  readonly repository: {
    readonly root: string;
    readonly serverFolder: string;
    readonly legacyCommit: string;
    readonly unifiedCommit: string;
    readonly envFile: string;
    readonly legacyEnvFile: string;
    readonly untrackedFiles: readonly string[];
  };
  readonly appName: string;
  readonly listApps: () => Promise<readonly RunningApp[]>;
  readonly git: string;
  /** Databases that may appear without being left over: the lease's. */
  readonly toleratedDatabases: readonly string[];
}

/** The input, with the seed grown from its numbers and a connection. */
export interface OracleCase extends OracleInput {
  readonly grown: Seed;
  readonly client: MongoClient;
}
