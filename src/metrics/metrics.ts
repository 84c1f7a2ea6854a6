import { collectDefaultMetrics, Registry } from 'prom-client';
import type { Clock } from '../core/clock.ts';
import type { Decision } from '../model/decision.ts';
import { decision as decisionSchema } from '../model/decision.ts';
import type { JournalEvent } from '../model/event.ts';
import type { GuardResult } from '../model/guard.ts';
import { type Mode, mode } from '../model/mode.ts';
import type { Observation, ProbeName } from '../model/observation.ts';
import type { Plan } from '../model/plan.ts';
import { type Verdict, verdict } from '../model/verdict.ts';
import { type BoundedLabel, configuredLabel, discoveredLabel } from './bounded-label.ts';
import { applyEvent, emptyMemory } from './from-events.ts';
import { createInstruments, type Instruments, setOneOf } from './instruments.ts';
import { createSights } from './sights.ts';

export interface MetricsOptions {
  readonly version: string;
  /** Names of all criteria. */
  readonly criteria: readonly string[];
  /** Slugs of the configured tenants; the first 200 get a label of their own. */
  readonly tenants: readonly string[];
  /** Names of the configured channels: a message is pending until each has taken or refused it. */
  readonly channels: readonly string[];
  readonly clock: Pick<Clock, 'now'>;
}

/** What holds now, as the folded journal has it: counting events would drift from it. */
export interface Standing {
  readonly contained: boolean;
  readonly activeRuns: Readonly<Record<Plan['kind'], number>>;
  readonly pendingMessages: number;
  readonly pinnedBackupAt: number | undefined;
}

export interface UncountedLeak {
  /** As the configuration names it. */
  readonly route: string;
  readonly why: 'untrusted' | 'known-before';
  readonly documents: number;
}

/** What the daemon says about itself at /metrics. Milliseconds come in, seconds go out. */
export interface Metrics {
  readonly contentType: string;
  /** The scrape. */
  render(): Promise<string>;
  /** First each event that is in the journal, then each new one (`journal.subscribe`). */
  observeEvent(event: JournalEvent): void;
  /** Which probes have something to look at now. */
  watching(probes: readonly ProbeName[]): void;
  observed(observation: Observation): void;
  /** Of the routes that decide nothing. */
  uncountedLeaks(leaks: readonly UncountedLeak[]): void;
  decided(decision: Decision): void;
  modeInForce(mode: Mode): void;
  /** What the state of the daemon says now. */
  stands(standing: Standing): void;
  backupTaken(at: number): void;
  loopLagged(ms: number): void;
  journalFailed(): void;
  channelFailing(channel: string, failing: boolean): void;
  slackConnected(connected: boolean): void;
  /** A request with Slack's signature has come. */
  slackRequested(at: number): void;
  journalWritable(writable: boolean): void;
  /** The recorder's own count, which only grows. */
  recorderDropped(total: number): void;
}

const mostTenants = 200;
const mostChannels = 20;
const mostReasons = 40;

export function createMetrics({ version, criteria, tenants, channels, clock }: MetricsOptions): Metrics {
  const registry = new Registry();
  collectProcessMetrics(registry);
  const open = {
    criteria: configuredLabel(criteria, criteria.length),
    tenants: configuredLabel(tenants, mostTenants),
    channels: configuredLabel(channels, mostChannels),
    reasons: discoveredLabel(mostReasons),
  };
  const instruments = createInstruments(registry, open);
  instruments.rollbackd_build_info.set({ version, node: process.version }, 1);
  instruments.rollbackd_journal_writable.set(1);
  const memory = emptyMemory();
  const sights = createSights(clock);
  let backupAt: number | undefined;
  const backupTaken = (at: number) => {
    backupAt = at;
  };
  let dropped = 0;
  return {
    contentType: registry.contentType,
    render: () => {
      instruments.rollbackd_acting_paused.set(clock.now() < memory.pausedUntil ? 1 : 0);
      sights.show(instruments);
      if (backupAt !== undefined) instruments.rollbackd_backup_age_seconds.set(secondsSince(backupAt, clock));
      return registry.metrics();
    },
    observeEvent: (event) => applyEvent({ instruments, open, memory }, event),
    watching: sights.watching,
    observed: (observation) => {
      countObservation(instruments, observation);
      sights.observed(observation);
    },
    uncountedLeaks: (leaks) => {
      instruments.rollbackd_uncounted_leaks.reset();
      for (const { documents, ...labels } of leaks) instruments.rollbackd_uncounted_leaks.set(labels, documents);
    },
    decided: (decision) => showDecision(instruments, open.tenants, decision),
    modeInForce: (value) => setOneOf(instruments.rollbackd_mode, 'mode', mode.options, value),
    stands: (standing) => {
      showStanding(instruments, standing);
      if (standing.pinnedBackupAt !== undefined) backupTaken(standing.pinnedBackupAt);
    },
    backupTaken,
    loopLagged: (ms) => instruments.rollbackd_loop_lag_seconds.set(ms / 1_000),
    channelFailing: (channel, failing) =>
      instruments.rollbackd_channel_failing.set({ channel: open.channels.of(channel) }, failing ? 1 : 0),
    slackConnected: (connected) => instruments.rollbackd_slack_connected.set(connected ? 1 : 0),
    slackRequested: (at) => instruments.rollbackd_slack_request_timestamp_seconds.set(at / 1_000),
    journalFailed: () => instruments.rollbackd_journal_errors_total.inc(),
    journalWritable: (writable) => instruments.rollbackd_journal_writable.set(writable ? 1 : 0),
    recorderDropped: (total) => {
      instruments.rollbackd_recorder_dropped_total.inc(Math.max(0, total - dropped));
      dropped = Math.max(dropped, total);
    },
  };
}

/** Without the gauges that are named like counters: a strict checker refuses them. */
function collectProcessMetrics(registry: Registry): void {
  collectDefaultMetrics({ register: registry });
  for (const what of ['handles', 'requests', 'resources']) registry.removeSingleMetric(`nodejs_active_${what}_total`);
}

const secondsSince = (at: number, clock: Pick<Clock, 'now'>): number => Math.max(0, clock.now() - at) / 1_000;

function countObservation(instruments: Instruments, { probe, status, tookMs }: Observation): void {
  instruments.rollbackd_probe_observations_total.inc({ probe, status });
  instruments.rollbackd_probe_duration_seconds.observe({ probe }, tookMs / 1_000);
}

function showDecision(instruments: Instruments, tenants: BoundedLabel, { action, verdicts, guards }: Decision): void {
  setOneOf(instruments.rollbackd_decision, 'action', decisionSchema.shape.action.options, action);
  for (const said of verdicts) showVerdict(instruments, said);
  const leaking = new Set(verdicts.filter(isLeak).flatMap((said) => said.tenants.map(tenants.of)));
  for (const tenant of tenants.values())
    instruments.rollbackd_tenant_leaking.set({ tenant }, leaking.has(tenant) ? 1 : 0);
  showGuards(instruments, guards);
}

const isLeak = ({ first, verdict }: Verdict): boolean =>
  first === 'contain' && (verdict === 'pending' || verdict === 'breach');

function showVerdict(instruments: Instruments, { criterion, unit, value, threshold, verdict: said }: Verdict): void {
  const scale = unit === 'ms' ? 1_000 : 1;
  instruments.rollbackd_measure.set({ criterion }, value / scale);
  instruments.rollbackd_threshold.set({ criterion }, threshold / scale);
  setOneOf(instruments.rollbackd_verdict, 'verdict', verdict.shape.verdict.options, said, { criterion });
}

const readinessOf = { passed: 1, failed: 0, off: -1 } as const;

/** Guards are asked only for a breach: what they said about the last one holds no longer than it does. */
function showGuards(instruments: Instruments, results: readonly GuardResult[]): void {
  instruments.rollbackd_readiness.reset();
  for (const { guard, outcome } of results) instruments.rollbackd_readiness.set({ guard }, readinessOf[outcome]);
}

function showStanding(instruments: Instruments, { contained, activeRuns, pendingMessages }: Standing): void {
  instruments.rollbackd_containment_active.set(contained ? 1 : 0);
  for (const kind of ['containment', 'rollback'] as const)
    instruments.rollbackd_run_active.set({ kind }, activeRuns[kind]);
  instruments.rollbackd_outbox_pending.set(pendingMessages);
}
