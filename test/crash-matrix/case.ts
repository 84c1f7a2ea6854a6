import type { Sandbox } from '../../sandbox/sandbox.ts';
import type { Temperament } from '../../sandbox/seed/seed.ts';
import type { GuardedCafe } from '../slow/guarded-cafe.ts';
import type { Score } from './score.ts';

/** Where a fault strikes. */
export interface Place {
  /**
   * `inside`: its start was just written down; `after`: its success was; `beside`: a program that it started is at work;
   * `throughout`: no single place.
   */
  readonly when: 'inside' | 'after' | 'beside' | 'throughout';
  readonly step: string;
  readonly program?: string;
  /** Struck here the run must go on by itself. */
  readonly needsNobody?: true;
}

/** What a fault is brought about with. */
export interface Ground {
  readonly sandbox: Sandbox;
  readonly cafe: GuardedCafe;
  /** How long whatever stands still does so. */
  readonly pauseMs: number;
}

export interface Struck {
  /** False where the moment had passed before it could be brought about: the run was not disturbed. */
  readonly hit: boolean;
  /** What a person does about it once the run has come to rest. */
  readonly mend?: () => Promise<void>;
}

/** One way in which the world fails. */
export interface FaultKind {
  readonly name: string;
  /** A row of the matrix each. */
  places(score: Score): readonly Place[];
  /** Resolves when it is over, as far as it passes by itself. */
  strike(ground: Ground, place: Place): Promise<Struck>;
}

/** One whole rollback with one fault. */
export interface CrashCase extends Place {
  /** Words that name it, and replay it. */
  readonly id: string;
  readonly temperament: Temperament;
  readonly kind: string;
}
