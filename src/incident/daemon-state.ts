import type { ChildPlanned, ProcessIdentity } from '../model/child.ts';
import type { ConfigMark } from '../model/config-mark.ts';
import type { Authority, EventOf, Evidence } from '../model/event.ts';
import type { Mode } from '../model/mode.ts';
import type { Plan } from '../model/plan.ts';
import type { Version } from '../model/version.ts';
import type { Incident } from './state.ts';
import type { Told } from './told.ts';
import type { Troubles } from './trouble.ts';

export interface StepFailure {
  readonly reason: string;
  readonly message: string;
  readonly remedy?: string | undefined;
}

/** One try at a step. `interrupted`: the daemon ended before the step did. */
export type StepAttempt =
  | { readonly status: 'started'; readonly attempt: number; readonly at: number }
  | { readonly status: 'interrupted'; readonly attempt: number; readonly at: number }
  | {
      readonly status: 'succeeded';
      readonly attempt: number;
      readonly at: number;
      readonly endedAt: number;
      readonly tookMs: number;
      readonly evidence: Evidence;
    }
  | {
      readonly status: 'failed';
      readonly attempt: number;
      readonly at: number;
      readonly endedAt: number;
      readonly tookMs: number;
      readonly failure: StepFailure;
    };

/** One execution of a plan. `interrupted`: under way when the daemon ended, waiting to be resumed. */
export interface RunState {
  readonly run: string;
  readonly incident: string | undefined;
  readonly plan: Plan;
  /** The configuration under which it goes on by itself: the one it was started with, until a person resumed it under another. */
  readonly configHash: string;
  /** What is remembered of the one that it was started with. */
  readonly config: ConfigMark | undefined;
  readonly authority: Authority;
  readonly startedAt: number;
  /** The cut-over that it rolls back from. */
  readonly cutoverAt?: number | undefined;
  /** Under which turn of the lease it works. */
  readonly epoch?: number | undefined;
  readonly status: 'running' | 'interrupted' | 'succeeded' | 'failed';
  /** When it was found to have been cut off; it has not been resumed since. */
  readonly interruptedAt?: number | undefined;
  readonly endedAt: number | undefined;
  readonly reason: string | undefined;
  /** When what it had stopped was put back: until it is resumed it has touched nothing. */
  readonly putBackAt?: number | undefined;
  /** What users got at its end, asked through the balancer. */
  readonly usersGet?: string | undefined;
  readonly acknowledgedBy: string | undefined;
  /** Its watch has begun; one run is watched once. */
  readonly watched: boolean;
  readonly told: readonly Told[];
  /** All attempts per step id, oldest first; a step that was never tried is absent. */
  readonly steps: ReadonlyMap<string, readonly StepAttempt[]>;
}

/** A child process that was planned and has not been seen to end. */
export interface ChildState extends ChildPlanned {
  readonly plannedAt: number;
  readonly process: ProcessIdentity | undefined;
}

export interface WatchState {
  readonly run: string;
  readonly startedAt: number;
  readonly until: number;
  readonly findings: readonly string[];
}

export interface QueuedMessage {
  readonly message: string;
  readonly subject: string;
  readonly text: string;
  readonly urgency: EventOf<'message.queued'>['urgency'];
  readonly queuedAt: number;
  /** For whom it is: the channels that there were when it was queued, and still are. Absent: for all. */
  readonly channels?: readonly string[] | undefined;
  readonly deliveredTo: readonly string[];
  readonly undeliverable: readonly { readonly channel: string; readonly reason: string }[];
}

/** The message that stands for an incident in Slack; everything else about it hangs on it as a thread. */
export interface ShownCard {
  readonly channel: string;
  /** As the configuration called that channel. */
  readonly configured?: string | undefined;
  readonly ts: string;
  readonly face: string;
  readonly final: boolean;
}

/** Everything the daemon knows: a fold over its journal. */
export interface DaemonState {
  readonly lastSeq: number;
  /** As it was set last; an arming ends by itself: `modeInForce`. */
  readonly mode: Mode;
  /** What is in force when nobody has armed it. */
  readonly baseMode: Exclude<Mode, 'armed'>;
  readonly armed: (Omit<EventOf<'mode.armed'>, 'kind'> & { readonly at: number }) | undefined;
  readonly paused: (Omit<EventOf<'acting.paused'>, 'kind'> & { readonly at: number }) | undefined;
  /** When the last pause was ended by a person. */
  readonly unpausedAt?: number | undefined;
  readonly incidents: ReadonlyMap<string, Incident>;
  readonly troubles: Troubles;
  /** The one incident that is not closed. */
  readonly openIncident: string | undefined;
  readonly runs: ReadonlyMap<string, RunState>;
  readonly children: ReadonlyMap<string, ChildState>;
  /** The watch that is under way. */
  readonly watch: WatchState | undefined;
  /** What a person said last to serve, after a rollback had failed half-way. */
  readonly serving?: { readonly version: Version; readonly at: number } | undefined;
  /** The newest, oldest first, whichever channels have taken them. */
  readonly messages: ReadonlyMap<string, QueuedMessage>;
  /** By incident. */
  readonly cards: ReadonlyMap<string, ShownCard>;
  /** By which people are told, as the last start or reload said. */
  readonly channels?: readonly string[] | undefined;
}

/** Before the first event; `mode` is what the configuration allows until a person arms it. */
export const emptyState = (mode: Exclude<Mode, 'armed'> = 'observe'): DaemonState => ({
  lastSeq: 0,
  mode,
  baseMode: mode,
  armed: undefined,
  paused: undefined,
  incidents: new Map(),
  troubles: new Map(),
  openIncident: undefined,
  runs: new Map(),
  children: new Map(),
  watch: undefined,
  messages: new Map(),
  cards: new Map(),
});
