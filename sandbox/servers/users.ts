import type { MongoClient } from 'mongodb';

export interface Credentials {
  readonly user: string;
  readonly password: string;
}

export interface SandboxUsers {
  readonly observer: Credentials;
  readonly dumper: Credentials;
  readonly restorer: Credentials;
  readonly appUnified: Credentials;
  readonly appLegacy: Credentials;
}

export interface GuardedDatabases {
  readonly unified: string;
  readonly legacy: readonly string[];
}

export async function createUsers(_admin: MongoClient, _databases: GuardedDatabases): Promise<SandboxUsers> {
  throw new Error('not there yet');
}
