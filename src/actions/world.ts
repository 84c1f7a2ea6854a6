import type { CodeAdapter } from '../adapters/code/contract.ts';
import type { CodeConfig } from '../adapters/code/schema.ts';
import type { DependenciesAdapter } from '../adapters/dependencies/contract.ts';
import type { DependenciesConfig } from '../adapters/dependencies/schema.ts';
import type { EnvAdapter } from '../adapters/env/contract.ts';
import type { EnvConfig } from '../adapters/env/schema.ts';
import type { Host } from '../adapters/host/contract.ts';
import type { LogReader } from '../adapters/logs/contract.ts';
import type { LogsConfig } from '../adapters/logs/schema.ts';
import type { IndexBuilder, MongoReader, MongoTools } from '../adapters/mongo/contract.ts';
import type { GrantedRights } from '../adapters/mongo/granted-rights.ts';
import type { MongoConfig } from '../adapters/mongo/schema.ts';
import type { ProcessAdapter } from '../adapters/process/contract.ts';
import type { ProcessConfig } from '../adapters/process/schema.ts';
import type { TrafficAdapter } from '../adapters/traffic/contract.ts';
import type { TrafficConfig } from '../adapters/traffic/schema.ts';
import type { Reading } from '../backup/read-files.ts';
import type { WhyNotUnique } from '../backup/refused-requirements.ts';
import type { Clock } from '../core/clock.ts';
import type { BackupManifest } from '../model/backup.ts';
import type { Ask } from '../probes/ask.ts';
import type { ProbesConfig, TargetConfig } from '../probes/schema.ts';
import type { RollbackConfig } from './schema.ts';

/** The part of the configuration that a run works with, from its start to its end. */
export interface RollbackSettings {
  readonly target: TargetConfig;
  readonly mongo: MongoConfig;
  readonly process: ProcessConfig;
  readonly traffic: TrafficConfig;
  readonly code: CodeConfig;
  readonly env: EnvConfig;
  readonly dependencies: DependenciesConfig;
  readonly logs: LogsConfig;
  readonly probes: ProbesConfig;
  readonly rollback: RollbackConfig;
}

/** Everything a step may touch. Made anew for each step, so that its children are written down under its name. */
export interface World {
  readonly settings: RollbackSettings;
  readonly process: ProcessAdapter;
  readonly traffic: TrafficAdapter;
  readonly code: CodeAdapter;
  readonly env: EnvAdapter;
  readonly dependencies: DependenciesAdapter;
  readonly logs: LogReader;
  readonly host: Host;
  readonly unified: MongoReader;
  readonly legacy: MongoReader;
  readonly tools: MongoTools;
  readonly indexes: IndexBuilder;
  readonly rights: GrantedRights;
  /** That the backup lies where it should, with a folder for each database. Errors: RollbackdError that says what is there instead. */
  readonly findBackup: () => Promise<void>;
  /** Reads the backup, whole unless told otherwise, and says what it holds now. */
  readonly scanBackup: (signal: AbortSignal, reading?: Reading) => Promise<BackupManifest>;
  /** Reads documents of the backup, once. */
  readonly whyNotUnique: WhyNotUnique;
  readonly ask: Ask;
  readonly clock: Clock;
}

export interface WorldOrigin {
  readonly run: string;
  readonly step: string;
  /** Of the plan: what the run goes back to, wherever `code.legacyRef` leads by now. */
  readonly legacyCommit?: string;
}
export type WorldFor = (origin: WorldOrigin) => World;
