import type { FaultDetails, FaultName } from './faults/fault.ts';
import type { Oracle } from './oracle/verdict.ts';
import type { LegacyState } from './seed/legacy-state.ts';
import type { Seed, Temperament } from './seed/seed.ts';
import type { Balancer } from './servers/balancer.ts';
import type { Mongod } from './servers/mongod.ts';
import type { Pm2 } from './servers/pm2.ts';
import type { SandboxUsers } from './servers/users.ts';
import type { Tools } from './tools/tool.ts';
import type { Traffic } from './traffic/traffic.ts';
import type { Workspace } from './workspace/workspace.ts';

export interface SandboxOptions {
  readonly temperament: Temperament;
  readonly mongo: 'standalone' | 'replicaSet';
  /** Default: 8. */
  readonly tenants?: number;
  /** Default: 20,000. */
  readonly documents?: number;
  /** Default: 1. */
  readonly seed?: number;
  /** The customers' requests, over all tenants; default: 20. */
  readonly requestsPerSecond?: number;
  /** Built here and now, though cafés are kept ready to be copied. */
  readonly fresh?: boolean;
  readonly say?: (line: string) => void;
}

export interface SandboxLegacyDatabase {
  readonly name: string;
  /** Undefined for the main database beside the tenants' (rough only). */
  readonly slug: string | undefined;
  /** Of the main database: the field by which its documents name their tenant. */
  readonly tenantField: string | undefined;
  readonly state: LegacyState;
  readonly collections: readonly string[];
}

export interface SandboxMongo {
  readonly host: string;
  readonly port: number;
  readonly replicaSet: string | undefined;
  /** root: for the sandbox and its oracle, never for the daemon. */
  readonly adminUri: string;
  readonly users: SandboxUsers;
  readonly unifiedDatabase: string;
  readonly legacyDatabases: readonly SandboxLegacyDatabase[];
  /** stop, kill, suspend, resume, restart. */
  readonly server: Mongod;
}

export interface SandboxRepository {
  /** The git repository. */
  readonly root: string;
  /** Where the server lies: the root itself (tidy) or `backend/` (rough). */
  readonly serverFolder: string;
  /** The tag to go back to. */
  readonly legacyRef: string;
  readonly legacyCommit: string;
  readonly unifiedCommit: string;
  readonly envFile: string;
  readonly legacyEnvFile: string;
  /** Files that git does not know and a rollback must keep. */
  readonly untrackedFiles: readonly string[];
}

export interface SandboxPm2 {
  readonly home: string;
  /** pm2's JavaScript file: run it with `node`. */
  readonly binary: string;
  readonly node: string;
  readonly appName: string;
  readonly execMode: 'fork' | 'cluster';
  readonly ecosystemFile: string;
  readonly logsFolder: string;
  readonly outLogs: readonly string[];
  readonly errorLogs: readonly string[];
  /** What the legacy version says in its out log when it is up, as regular expressions. */
  readonly startupLines: readonly string[];
  readonly control: Pm2;
}

export interface SandboxBackup {
  /** The folder as a person would configure it: the databases' folders lie in it (tidy) or in `all-databases/` under it (rough). */
  readonly path: string;
  readonly layout: 'flat' | 'all-databases';
}

export interface SandboxTenant {
  readonly slug: string;
  readonly legacyDatabase: string;
  readonly adminEmail: string;
  readonly adminPassword: string;
}

export interface Sandbox extends AsyncDisposable {
  /** For whoever starts more processes beside it: a crash takes them along. */
  readonly workspace: Pick<Workspace, 'registerProcess' | 'freePort'>;
  readonly root: string;
  readonly temperament: Temperament;
  readonly seed: Seed;
  /** Through the balancer. */
  readonly publicUrl: string;
  /** The application itself. */
  readonly appUrl: string;
  readonly appPort: number;
  /** POST /fault {"name": "leak" | "outage" | ... | "none", "tenant"?, "lasts"?}. Never to be told to the daemon. */
  readonly controlUrl: string;
  readonly mongo: SandboxMongo;
  readonly repository: SandboxRepository;
  readonly pm2: SandboxPm2;
  readonly balancer: Balancer;
  readonly backup: SandboxBackup;
  readonly tools: Tools;
  readonly tenants: readonly SandboxTenant[];
  readonly cutoverAt: Date;
  /** Orders written through the unified application before startSandbox returned. */
  readonly writesSinceCutover: number;
  /** The customers; running from the start. */
  readonly traffic: Traffic;
  readonly oracle: Oracle;
  /** Returns when it is in force; away from `dbdown`, when the database serves again with its data. */
  switchFault(name: FaultName, details?: FaultDetails): Promise<void>;
}
