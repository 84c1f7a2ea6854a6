import { join } from 'node:path';
import type { RollbackSettings, World, WorldFor } from '../actions/world.ts';
import { gitAdapter } from '../adapters/code/git.ts';
import { npmAdapter } from '../adapters/dependencies/npm.ts';
import { dotenvAdapter } from '../adapters/env/dotenv.ts';
import { linuxHost } from '../adapters/host/linux.ts';
import { fileLogs } from '../adapters/logs/files.ts';
import type { ConnectionOptions } from '../adapters/mongo/connection.ts';
import type { Lease, LeaseNotes } from '../adapters/mongo/contract.ts';
import { grantedRights } from '../adapters/mongo/granted-rights.ts';
import { createIndexBuilder } from '../adapters/mongo/index-builder.ts';
import type { ItsJournal } from '../adapters/mongo/its-journal.ts';
import { createLease } from '../adapters/mongo/lease.ts';
import { createMongoReader } from '../adapters/mongo/reader.ts';
import { createMongoTools } from '../adapters/mongo/tools.ts';
import { pm2Adapter } from '../adapters/process/pm2.ts';
import { flagFileAdapter } from '../adapters/traffic/flag-file.ts';
import { locateBackup } from '../backup/locate.ts';
import { type ReadFile, type Reading, rememberFiles } from '../backup/read-files.ts';
import { whyNotUnique as readUniqueness, rememberUniqueness } from '../backup/refused-requirements.ts';
import { scanBackup } from '../backup/scan.ts';
import type { BackupConfig } from '../backup/schema.ts';
import type { Clock } from '../core/clock.ts';
import type { ChildLedger, RunCommand } from '../exec/contract.ts';
import { createReadOnlyCommand, createRunCommand } from '../exec/run-command.ts';
import { askHttp } from '../probes/ask.ts';

export interface WorldSettings extends RollbackSettings {
  readonly backup: BackupConfig;
  readonly migration: { readonly cutoverAt: number };
}

export interface OpenWorld extends AsyncDisposable {
  /** For looking: its writes are on nobody's record, so nothing may be written through it. */
  readonly world: World;
  /** For a step: its children are written down under the run and the step. */
  readonly worldFor: WorldFor;
  readonly lease: Lease & LeaseNotes;
}

export interface WorldDependencies {
  readonly clock: Clock;
  readonly ledger: ChildLedger;
  /** Who this daemon is on the target's server, the same after a restart. */
  readonly holder: string;
  readonly journal: ItsJournal;
  /** For the passwords of programs, while they run. */
  readonly passwordFolder: string;
}

/** Every adapter on the real target. Connections are made when they are first needed. */
export function openWorld(settings: WorldSettings, dependencies: WorldDependencies): OpenWorld {
  const { clock, ledger, holder, journal, passwordFolder } = dependencies;
  const connection = connectionsOf(settings);
  const shared = {
    unified: createMongoReader(connection('unified', 'observer')),
    legacy: createMongoReader(connection('legacy', 'observer')),
    // An index takes as long as a restore may take.
    rights: grantedRights(settings.mongo),
    indexes: createIndexBuilder(
      { ...connection('legacy', 'restorer'), timeoutMs: settings.mongo.toolTimeout },
      settings.mongo,
    ),
  };
  const lease = createLease({
    // No rollback without this server; and always on the same one, or two daemons could each hold a lease.
    connection: connection('legacy', 'observer'),
    database: settings.mongo.leaseDatabase,
    target: settings.target.name,
    holder,
    journal,
    cutoverAt: settings.migration.cutoverAt,
  });
  const connections = [shared.unified, shared.legacy, shared.indexes, lease];
  const readOnly = createReadOnlyCommand({ clock });
  const backupFiles = rememberFiles(clock.now);
  const whyNotUnique = rememberUniqueness(readUniqueness);
  const worldWith = (run: RunCommand, legacyCommit?: string): World => ({
    ...shared,
    ...adapters(settings, { run, readOnly, passwordFolder, backupFiles, legacyCommit }),
    whyNotUnique,
    settings,
    clock,
  });
  return {
    world: worldWith(readOnly),
    worldFor: ({ run, step, legacyCommit }) => worldWith(createRunCommand({ ledger, run, step, clock }), legacyCommit),
    lease,
    // At once: each may have to wait for a server that hangs.
    [Symbol.asyncDispose]: async () =>
      void (await Promise.allSettled(connections.map((each) => each[Symbol.asyncDispose]()))),
  };
}

function connectionsOf({ mongo }: WorldSettings) {
  return (side: 'unified' | 'legacy', user: 'observer' | 'restorer'): ConnectionOptions => ({
    server: mongo[side],
    login: mongo.users?.[user],
    appName: `rollbackd-${user}`,
    timeoutMs: mongo.operationTimeout,
  });
}

type Adapters = Omit<World, 'settings' | 'clock' | 'whyNotUnique' | 'indexes' | 'rights' | 'unified' | 'legacy'>;

interface Running {
  readonly run: RunCommand;
  readonly readOnly: RunCommand;
  readonly passwordFolder: string;
  readonly backupFiles: (reading: Reading) => ReadFile;
  readonly legacyCommit: string | undefined;
}

/** A tag that is moved while a run is under way leads it nowhere else. */
const pinned = (code: WorldSettings['code'], legacyCommit: string | undefined): WorldSettings['code'] =>
  legacyCommit === undefined ? code : { ...code, legacyRef: legacyCommit };

function adapters(
  settings: WorldSettings,
  { run, readOnly, passwordFolder, backupFiles, legacyCommit }: Running,
): Adapters {
  const host = linuxHost();
  const databases = settings.mongo.legacyDatabases.filter(({ policy }) => policy !== 'leave').map(({ name }) => name);
  return {
    process: pm2Adapter({ config: settings.process, run, readOnly, host }),
    traffic: flagFileAdapter(settings.traffic),
    code: gitAdapter({ config: pinned(settings.code, legacyCommit), run, readOnly }),
    env: dotenvAdapter({ config: settings.env }),
    dependencies: npmAdapter({
      config: settings.dependencies,
      node: settings.process.node,
      run,
      readOnly,
      home: { own: join(settings.code.releases, 'npm-home') },
    }),
    logs: fileLogs({ config: settings.logs }),
    host,
    tools: createMongoTools({ config: settings.mongo, run, readOnly, passwordFolder }),
    findBackup: async () => void (await locateBackup(settings.backup, databases)),
    scanBackup: async (signal, reading = 'whole') => {
      const location = await locateBackup(settings.backup, databases);
      return scanBackup(location, databases, signal, backupFiles(reading));
    },
    ask: askHttp,
  };
}
