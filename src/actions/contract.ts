import { RollbackdError } from '../core/errors.ts';
import type { BackupManifest } from '../model/backup.ts';
import type { Evidence } from '../model/event.ts';
import type { ActionName, Plan, PlannedStep } from '../model/plan.ts';
import type { LegacyState } from './legacy-state.ts';
import type { RollbackSettings, World } from './world.ts';

/** What was learnt about the target before the plan was made. */
export interface Assessment {
  readonly manifest: BackupManifest;
  readonly legacyCommit: string;
  readonly unifiedBytes: number;
  /** Why nothing of the unified database can be kept; absent where a snapshot is taken. */
  readonly unifiedNotKept?: string;
  /** Those of the unified database, which no snapshot keeps; absent where there are none. */
  readonly unifiedTimeSeries?: readonly string[];
  readonly legacyStates: readonly LegacyState[];
}

export interface StepContext {
  readonly run: string;
  readonly kind: Plan['kind'];
  /** The database or tenant that the step is about; empty where it is about none. */
  readonly subject: string;
  readonly world: World;
  /** What the plan says the backup holds. */
  readonly manifest: () => Promise<BackupManifest>;
  readonly legacyCommit: string;
  /** Subjects of the plan's steps with this action: the databases that will be brought in, replaced, and so on. */
  readonly subjectsOf: (action: ActionName) => readonly string[];
  /** Whether waiting makes sense: false at the look before a step is performed. */
  readonly patient: boolean;
  /** Folder of this run's snapshots and replaced files (0700). */
  readonly evidenceFolder: string;
  readonly signal: AbortSignal;
}

export type StepText = Pick<PlannedStep, 'title' | 'commands' | 'evidence' | 'effect' | 'expectedMs'>;

/**
 * One step. `prove` reads the target and returns its evidence, or throws where the wanted state is not there.
 * A step is proven before it is performed (it may be done already, by us before a crash) and again afterwards,
 * so every action is idempotent and no exit code is ever trusted.
 */
export interface Action {
  describe(world: World, assessment: Assessment, subject: string): StepText;
  prove(context: StepContext): Promise<Evidence>;
  /** Absent where the step only looks. */
  perform?(context: StepContext): Promise<void>;
}

export type StepFault =
  | 'not-proven'
  | 'backup-changed'
  | 'disk-too-small'
  | 'refused'
  | 'not-fenced'
  | 'data-differs'
  | 'person-needed'
  | 'application-not-live'
  | 'stranger-on-port'
  | 'wrong-database'
  | 'functional-test-failed'
  | 'too-slow'
  | 'errors-in-log';

export class StepFailed extends RollbackdError<StepFault> {}

export const folderOf = (settings: RollbackSettings, run: string): string =>
  `${settings.rollback.evidenceFolder}/${run}`;
