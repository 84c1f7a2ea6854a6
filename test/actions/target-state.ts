import { join } from 'node:path';
import type { StepContext } from '../../src/actions/contract.ts';
import type { RollbackSettings, World } from '../../src/actions/world.ts';
import type { SavedChanges } from '../../src/adapters/code/contract.ts';
import type { PortUse, ServerClients, UnseenConnection } from '../../src/adapters/host/contract.ts';
import type { ActivityCounters } from '../../src/adapters/mongo/contract.ts';
import type { ManagedProcess, Refusal, SavedProcess } from '../../src/adapters/process/contract.ts';
import type { BackupManifest } from '../../src/model/backup.ts';
import type { ProcessIdentity } from '../../src/model/child.ts';
import type { Obstacle } from '../../src/model/obstacle.ts';
import type { Question, Reply } from '../../src/probes/ask.ts';
import type { ManualClock } from '../manual-clock.ts';
import { backedUp, collection, manifestOf, type StoredCollection } from './stored.ts';

export const legacyCommit = 'c0ffee0000000000000000000000000000000000';
export const unifiedCommit = 'beef000000000000000000000000000000000000';

/** Everything about the target that a step can see or change. */
export interface TargetState {
  processes: ManagedProcess[];
  saved: SavedProcess[];
  refusals: Refusal[];
  maintenance: boolean;
  /** The balancer's switch is being tried. */
  trial: boolean;
  port: PortUse;
  /** Processes connected to mongod, and where they run. */
  clients: ProcessIdentity[];
  folders: Record<number, string>;
  /** Of a process: its parent, its parent, and so on. */
  ancestors: Record<number, number[]>;
  /** Connections to a server whose processes cannot be seen, by the server's port. */
  unseen: Record<number, UnseenConnection[]>;
  bySocketFile: ServerClients['bySocketFile'];
  environments: Record<number, Record<string, string>>;
  free: number;
  /** Folder -> its file system, where that is one of its own. */
  disks: Record<string, string>;
  mongodDisk: { free: number; total: number } | undefined;
  legacy: Record<string, StoredCollection[]>;
  unified: StoredCollection[];
  /** Of each database. */
  timeSeries: Record<string, string[]>;
  activity: ActivityCounters;
  manifest: BackupManifest;
  commit: string;
  codeRefusals: string[];
  hostObstacles: Obstacle[];
  environmentObstacles: Obstacle[];
  ecosystemObstacles: Obstacle[];
  envObstacles: Obstacle[];
  toolObstacles: Obstacle[];
  missingRights: Obstacle[];
  excessiveRights: Obstacle[];
  legacyFiles: string[];
  /** Of the legacy commit. */
  ecosystemText: string;
  differences: string[];
  notPutBack: string[];
  savedChanges: SavedChanges | undefined;
  staged: { folder: string; commit: string } | undefined;
  /** What a namespace holds besides what was backed up. */
  strays: Record<string, Record<string, unknown>[]>;
  stagedRuns: string[];
  isLegacyEnvironment: boolean;
  legacyDatabase: string;
  missingPackages: string[];
  /** For each folder with packages the one that they were installed in. */
  installedIn: Record<string, string | undefined>;
  moveRefusals: string[];
  output: string[];
  errors: string[];
}

export interface Target extends Disposable {
  readonly folder: string;
  readonly settings: RollbackSettings;
  readonly state: TargetState;
  readonly clock: ManualClock;
  readonly world: World;
  /** Whatever was done to the target, in order. */
  readonly done: string[];
  /** What a request is answered; by default as a well legacy café would, or the maintenance answer. */
  answer: (question: Question) => Reply | Promise<Reply>;
  /** What happens when something is done; by default what should. */
  readonly effects: Record<string, ((subject: string) => void | Promise<void>) | undefined>;
  context(changes?: Partial<StepContext>): StepContext;
}

type Answered = Extract<Reply, { readonly answered: true }>;

export const answered = (status: number, body: unknown = {}, tookMs = 5, headers = {}): Answered => ({
  answered: true,
  status,
  headers,
  body,
  tookMs,
});

/** What the balancer itself answers in maintenance. */
export const maintenance = ({ headers = {} }: Pick<Question, 'headers'>): Answered =>
  answered(503, '', 5, { 'x-rollbackd-maintenance': `shown ${headers['x-rollbackd-ask'] ?? ''}` });

export const online = (changes: Partial<ManagedProcess> = {}): ManagedProcess => ({
  name: 'cafe',
  managerId: 0,
  pid: 100,
  status: 'online',
  workingDirectory: '',
  restarts: 0,
  ...changes,
});

export const documentsOf = (tenant: string) => [{ _id: `${tenant}-1` }, { _id: `${tenant}-2` }];

export function initially(folder: string): TargetState {
  const server = join(folder, 'checkout/backend');
  return {
    processes: [online()],
    saved: [{ name: 'cafe', startsAtBoot: true, workingDirectory: server }],
    refusals: [],
    maintenance: false,
    trial: false,
    port: { listening: true, listeners: [{ pid: 100, startTime: '1' }], hidden: [], established: 2 },
    clients: [{ pid: 100, startTime: '1' }],
    folders: { 100: server, 200: server },
    ancestors: { 100: [50, 1], 200: [50, 1] },
    unseen: {},
    bySocketFile: undefined,
    environments: { 100: { MONGODB_URI: 'mongodb://h/cafe_v2' } },
    free: 100 * 2 ** 30,
    disks: {},
    mongodDisk: { free: 80 * 2 ** 30, total: 800 * 2 ** 30 },
    legacy: { ...backedUp(), cafe_kopi: [collection('menus', 3, 'other')] },
    unified: [collection('menus', 4), collection('tenants', 2)],
    timeSeries: {},
    activity: { serverPid: 1, uptimeMs: 1_000, reads: {}, readsWithin: {}, writes: {} },
    manifest: manifestOf(backedUp()),
    commit: unifiedCommit,
    codeRefusals: [],
    hostObstacles: [],
    environmentObstacles: [],
    ecosystemObstacles: [],
    envObstacles: [],
    toolObstacles: [],
    missingRights: [],
    excessiveRights: [],
    legacyFiles: ['backend/ecosystem.config.js'],
    ecosystemText: 'module.exports = {}',
    differences: [],
    notPutBack: [],
    savedChanges: undefined,
    staged: undefined,
    strays: {},
    stagedRuns: [],
    isLegacyEnvironment: false,
    legacyDatabase: 'cafe_{tenant}',
    missingPackages: [],
    installedIn: {},
    moveRefusals: [],
    output: [],
    errors: [],
  };
}
