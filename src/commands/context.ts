import type { Reading } from '../backup/read-files.ts';
import type { Clock } from '../core/clock.ts';
import type { Gathered } from '../engine/gather-facts.ts';
import type { Memory } from '../engine/memory.ts';
import type { Planner } from '../engine/planner.ts';
import type { Runs } from '../engine/runs.ts';
import type { Approval } from '../model/approval.ts';
import type { Decision } from '../model/decision.ts';
import type { Mode } from '../model/mode.ts';
import type { Observation } from '../model/observation.ts';
import type { Obstacle } from '../model/obstacle.ts';
import type { Identity, Person } from '../model/person.ts';
import type { Verdict } from '../model/verdict.ts';
import type { Version } from '../model/version.ts';
import type { ChannelTrouble } from '../notify/health.ts';
import type { ProbeSet } from '../probes/schema.ts';
import type { GuardConfig } from '../rules/schema.ts';

/** Whoever gives a command, as the door has proven it. A person that the configuration does not name has no roles. */
export interface Caller extends Person {
  readonly via: Approval['via'];
  /** The Unix user that was proven, where the door proves one. */
  readonly uid?: number;
}

/** The part of the configuration that commands need. */
export interface CommandSettings {
  readonly target: { readonly name: string };
  readonly migration: { readonly cutoverAt: number };
  readonly probes: Readonly<Record<Version, Pick<ProbeSet, 'routes'>>>;
  /** What `disarm` goes back to. */
  readonly mode: Exclude<Mode, 'armed'>;
  readonly guard: GuardConfig;
  readonly people: readonly (Person & Identity)[];
}

/** What the engine has seen and judged last. */
export interface Latest {
  readonly verdicts: readonly Verdict[];
  readonly decision: Decision | undefined;
  /** The newest of each probe. */
  readonly observations: readonly Observation[];
}

export interface CommandContext {
  readonly memory: Pick<Memory, 'state' | 'append' | 'writable' | 'refusal'>;
  readonly planner: Pick<Planner, 'draft'>;
  readonly runs: Pick<Runs, 'busy' | 'idle' | 'contain' | 'rollBack' | 'resume'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly settings: CommandSettings;
  readonly configHash: string;
  readonly version: string;
  /** Aborted when the daemon stops. */
  readonly signal: AbortSignal;
  readonly latest: () => Latest;
  /** Channels that take no messages at present. */
  readonly channelTroubles: () => readonly ChannelTrouble[];
  /** Whether clicks in Slack can arrive; `undefined` where nobody can answer there. */
  readonly slackConnected: () => boolean | undefined;
  /** Starts the contained application again, as it was, and proves that it serves. */
  readonly release: (incident: string, signal: AbortSignal) => Promise<void>;
  /** What the guards would look at in a breach, were the daemon armed. Takes as long as reading the backup does. */
  readonly gatherFacts: (signal: AbortSignal, reading: Reading) => Promise<Gathered>;
  /** What a run would fail over as the target is now; empty where nothing stands in its way. */
  readonly preflight: (signal: AbortSignal) => Promise<readonly Obstacle[]>;
  /** What the daemon's own last look found of that. */
  readonly obstacles: () => readonly Obstacle[];
}
