import type { Document } from 'mongodb';

export type Temperament = 'tidy' | 'rough';

/** All that decides what the café's databases hold: the oracle rebuilds them from these numbers alone. */
export interface SeedParameters {
  readonly seed: number;
  readonly temperament: Temperament;
  readonly tenants: number;
  /** About: the orders fill what the other collections leave over. */
  readonly documents: number;
}

export interface SeedTenant {
  readonly slug: string;
  readonly name: string;
  readonly database: string;
  /** Where its menu and its orders lie: its own database (tidy) or the main one (rough). */
  readonly menuDatabase: string;
  readonly adminEmail: string;
  readonly adminPassword: string;
}

export interface SeedIndex {
  readonly key: Readonly<Record<string, 1 | -1>>;
  readonly unique?: boolean;
}

export interface SeedCollection {
  readonly name: string;
  readonly documents: readonly Document[];
  readonly indexes: readonly SeedIndex[];
}

export interface SeedDatabase {
  readonly name: string;
  /** Undefined for the main database beside the tenants'. */
  readonly slug: string | undefined;
  /** Of the main database: the field of a document that names its tenant, by the registry's `_id` or by slug. */
  readonly tenantField?: string;
  readonly collections: readonly SeedCollection[];
}

export interface Seed {
  readonly parameters: SeedParameters;
  readonly tenants: readonly SeedTenant[];
  readonly databases: readonly SeedDatabase[];
}
