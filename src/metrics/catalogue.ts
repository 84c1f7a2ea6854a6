import { decision } from '../model/decision.ts';
import { guardName } from '../model/guard.ts';
import { mode } from '../model/mode.ts';
import { probeName } from '../model/observation.ts';
import { actionName, plan } from '../model/plan.ts';
import { tier } from '../model/tier.ts';
import { verdict } from '../model/verdict.ts';

/** Label values that are known only at the start; whatever is not among them is counted as `other`. */
export type OpenSet = 'criteria' | 'tenants' | 'channels' | 'reasons' | 'routes' | 'build';

export interface MetricSpec {
  readonly type: 'gauge' | 'counter' | 'histogram';
  readonly help: string;
  readonly labels?: Readonly<Record<string, readonly string[] | OpenSet>>;
  /** Upper bounds in seconds, of a histogram. */
  readonly buckets?: readonly number[];
  /** No sample until there is something to say: a zero would be a lie. */
  readonly absentAtFirst?: true;
}

const criterion = 'criteria';
const probe = probeName.options;
const kind = plan.shape.kind.options;

/** Every metric of our own. docs/metrics.md is checked against it. */
export const catalogue = {
  rollbackd_build_info: {
    type: 'gauge',
    help: 'Always 1; the labels say what runs.',
    labels: { version: 'build', node: 'build' },
  },
  rollbackd_mode: { type: 'gauge', help: '1 for the mode in force, 0 for the others.', labels: { mode: mode.options } },
  rollbackd_acting_paused: { type: 'gauge', help: '1 while a person has suspended acting; looking goes on.' },

  rollbackd_probe_up: {
    type: 'gauge',
    help: '1 when the last look of the probe saw something, whatever it was; 0 when it was blind or has not looked yet. Absent while it has nothing to look at.',
    labels: { probe },
    absentAtFirst: true,
  },
  rollbackd_probe_last_observed_timestamp_seconds: {
    type: 'gauge',
    help: 'When the probe last saw something, Unix time; 0 when it has not since the start. Absent while it has nothing to look at.',
    labels: { probe },
    absentAtFirst: true,
  },
  rollbackd_probe_last_observed_age_seconds: {
    type: 'gauge',
    help: 'How long ago the probe last saw something, counted from when it began to look when it has not yet. Absent while it has nothing to look at.',
    labels: { probe },
    absentAtFirst: true,
  },
  rollbackd_probe_observations_total: {
    type: 'counter',
    help: 'Observations by probe; unobserved ones say that the probe was blind.',
    labels: { probe, status: ['observed', 'unobserved'] },
  },
  rollbackd_probe_duration_seconds: {
    type: 'histogram',
    help: 'How long one observation took.',
    labels: { probe },
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
  },

  rollbackd_measure: {
    type: 'gauge',
    help: 'What a criterion measures now, in its own unit: seconds of trouble, leaked documents, share of requests (0 to 1), times the baseline.',
    labels: { criterion },
    absentAtFirst: true,
  },
  rollbackd_threshold: {
    type: 'gauge',
    help: 'From where on the measure is a breach, in the same unit.',
    labels: { criterion },
    absentAtFirst: true,
  },
  rollbackd_verdict: {
    type: 'gauge',
    help: '1 for what the criterion says now, 0 for the others.',
    labels: { criterion, verdict: verdict.shape.verdict.options },
  },
  rollbackd_decision: {
    type: 'gauge',
    help: '1 for what all verdicts and guards together call for now, 0 for the others.',
    labels: { action: decision.shape.action.options },
  },
  rollbackd_tenant_leaking: {
    type: 'gauge',
    help: '1 while the tenant is named by a pending or breached cross-tenant-leak verdict; tenants that are not configured are `other`.',
    labels: { tenant: 'tenants' },
  },
  rollbackd_uncounted_leaks: {
    type: 'gauge',
    help: 'Documents of other tenants that came back in the last look on a route that decides nothing: it is not trusted, or leaked before. Absent for routes that decide.',
    labels: { route: 'routes', why: ['untrusted', 'known-before'] },
    absentAtFirst: true,
  },
  rollbackd_readiness: {
    type: 'gauge',
    help: '1 where the guard passed, 0 where it failed, -1 where the configuration switches it off; absent while no breach asks the guards.',
    labels: { guard: guardName.options },
    absentAtFirst: true,
  },
  rollbackd_backup_age_seconds: {
    type: 'gauge',
    help: 'Age of the backup that was pinned by arm, or read last for a plan.',
    absentAtFirst: true,
  },

  rollbackd_incident_open: { type: 'gauge', help: 'Incidents that are not closed.', labels: { tier: tier.options } },
  rollbackd_incidents_total: {
    type: 'counter',
    help: 'Incidents that are closed, by how they ended.',
    labels: { outcome: ['rolled-back', 'rejected', 'resolved-by-person', 'withdrawn'] },
  },
  rollbackd_containment_active: {
    type: 'gauge',
    help: '1 from the moment the application is being stopped because of a leak until a person releases it, a rollback has let users in, or the incident is closed.',
  },
  rollbackd_run_active: {
    type: 'gauge',
    help: 'Runs that have started and not finished, interrupted ones included.',
    labels: { kind },
  },
  rollbackd_runs_total: { type: 'counter', help: 'Finished runs.', labels: { kind, outcome: ['succeeded', 'failed'] } },
  rollbackd_run_duration_seconds: {
    type: 'histogram',
    help: 'From the start of a run to its end, interruptions included.',
    labels: { kind },
    buckets: [5, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200],
  },
  rollbackd_step_duration_seconds: {
    type: 'histogram',
    help: 'How long one attempt at a step took, whether it succeeded or failed.',
    labels: { action: actionName.options },
    buckets: [0.1, 0.5, 1, 5, 15, 30, 60, 120, 300, 900, 3_600],
  },
  rollbackd_step_failures_total: {
    type: 'counter',
    help: 'Failed attempts at a step.',
    labels: { action: actionName.options, reason: 'reasons' },
  },
  rollbackd_watch_active: { type: 'gauge', help: '1 while a rollback is being watched.' },

  rollbackd_outbox_pending: {
    type: 'gauge',
    help: 'Messages that a configured channel has neither taken nor refused.',
  },
  rollbackd_messages_total: {
    type: 'counter',
    help: 'Messages by channel and what became of them.',
    labels: { channel: 'channels', outcome: ['delivered', 'undeliverable'] },
  },

  rollbackd_channel_failing: {
    type: 'gauge',
    help: '1 while a channel takes no messages, as far as that does not look like a passing trouble.',
    labels: { channel: 'channels' },
  },
  rollbackd_slack_connected: {
    type: 'gauge',
    help: '1 while clicks in Slack can arrive: over its connection, or at the port that is listened on.',
    absentAtFirst: true,
  },
  rollbackd_slack_request_timestamp_seconds: {
    type: 'gauge',
    help: "When a request with Slack's signature came last; only where clicks come as requests.",
    absentAtFirst: true,
  },

  rollbackd_loop_lag_seconds: { type: 'gauge', help: 'How late the last turn of the event loop came.' },
  rollbackd_journal_events_total: { type: 'counter', help: 'Events in the journal.' },
  rollbackd_journal_errors_total: { type: 'counter', help: 'Failed writes to the journal since the start.' },
  rollbackd_journal_writable: {
    type: 'gauge',
    help: '1 while the journal can be written; 0 means that the daemon looks but does not act.',
  },
  rollbackd_recorder_dropped_total: {
    type: 'counter',
    help: 'Observations that did not reach the disk since the start.',
  },
  rollbackd_config_reloads_total: {
    type: 'counter',
    help: 'Attempts to reload the configuration; a refused one keeps the old.',
    labels: { outcome: ['accepted', 'refused'] },
  },
} as const satisfies Readonly<Record<string, MetricSpec>>;

export type MetricName = keyof typeof catalogue;
