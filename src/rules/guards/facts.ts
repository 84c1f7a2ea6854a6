import type { Mode } from '../../model/mode.ts';
import type { MongoValues } from '../../model/observation.ts';

/** Something that was found out, or the reason why it could not be. A guard never passes on the latter. */
export type Fact<T> =
  | { readonly known: true; readonly value: T }
  | {
      readonly known: false;
      readonly reason: string;
      /** Nothing is wrong with the asking: another daemon is in the way, and may be gone later. */
      readonly passing?: boolean;
    };

export const known = <T>(value: T): Fact<T> => ({ known: true, value });
export const unknown = (reason: string, passing = false): Fact<never> => ({
  known: false,
  reason,
  ...(passing && { passing }),
});

/** What the journal says about the daemon's power and its past. */
export interface JournalFacts {
  readonly mode: Mode;
  readonly armed:
    | {
        readonly until: number;
        readonly manifestHash: string;
        /** Absent in journals from before commits were pinned. */
        readonly legacyCommit?: string | undefined;
        readonly configHash: string;
      }
    | undefined;
  readonly paused: { readonly person: string; readonly reason: string; readonly until: number } | undefined;
  readonly runUnderWay: string | undefined;
  /** The last rollback (a containment is none). `endedAt` is absent while it has not ended. */
  readonly lastRollback:
    | {
        readonly run: string;
        readonly endedAt: number | undefined;
        /** It has stopped the application at some time. */
        readonly touched: boolean;
        readonly automatic: boolean;
        readonly acknowledged: boolean;
      }
    | undefined;
  /** The newest rollback that let users in again, or began to, or that people finished `byHand`: `since` then they may write to the legacy databases. */
  readonly usersBack:
    | {
        readonly run: string;
        readonly startedAt: number;
        /** The cut-over that it rolled back from. */
        readonly cutoverAt?: number | undefined;
        readonly since: number;
        readonly byHand: boolean;
      }
    | undefined;
}

/** Writes to the unified database since cut-over, which a rollback would lose; `undefined` where they cannot be counted. */
export interface WritesLost {
  readonly inserts: number | undefined;
  readonly updates: number | undefined;
  readonly deletes: number | undefined;
  readonly perTenant: Readonly<Record<string, number>>;
}

export interface LegacyDatabaseFact {
  readonly name: string;
  readonly policy: 'restore' | 'leave' | 'merge';
  readonly onDifferent: 'ask' | 'replace';
  /** Compared with the backup. */
  readonly state: Fact<'equal' | 'absent' | 'different'>;
}

export interface DatabasesNow extends MongoValues {
  /** The legacy side has only just come back after trouble that lasted. */
  readonly settling?: { readonly legacyBackForMs: number; readonly settleMs: number };
}

/** Everything the guards look at, gathered just before they are asked. */
export interface GuardFacts extends JournalFacts {
  readonly now: number;
  readonly cutoverAt: number;
  /** Hash of the configuration in force now. */
  readonly configHash: string;
  readonly writesLost: Fact<WritesLost>;
  readonly backup: Fact<{ readonly hash: string; readonly takenAt: number }>;
  readonly mongo: Fact<DatabasesNow>;
  readonly legacyDatabases: Fact<readonly LegacyDatabaseFact[]>;
  readonly plan: Fact<{
    readonly hash: string;
    readonly legacyCommit: string;
    /** Why it keeps nothing of the unified database; absent where it takes a snapshot. */
    readonly unifiedNotKept?: string;
    /** Which collections of the unified database itself it may replace; absent where it never writes there. */
    readonly replacesInUnified?: string;
  }>;
  readonly lease: Fact<{ readonly heldBy: string; readonly mine: boolean }>;
}
