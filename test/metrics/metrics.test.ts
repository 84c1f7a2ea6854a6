import { expect, test } from 'vitest';
import type { Decision } from '../../src/model/decision.ts';
import type { EventBody } from '../../src/model/event.ts';
import type { Observation } from '../../src/model/observation.ts';
import type { Verdict } from '../../src/model/verdict.ts';
import { eventsOf, metricsOf, noon, samples } from './fixture.ts';

async function after(...bodies: EventBody[]) {
  const metrics = metricsOf();
  for (const event of eventsOf(...bodies)) metrics.observeEvent(event);
  return samples(metrics);
}

const verdictOf = (said: Partial<Verdict>): Verdict => ({
  criterion: 'cross-tenant-leak',
  tier: 'critical',
  verdict: 'breach',
  value: 3,
  threshold: 1,
  unit: 'documents',
  samples: 2,
  windowMs: 600_000,
  tenants: [],
  reason: 'served',
  ...said,
});

const decisionOf = (said: Partial<Decision>): Decision => ({
  at: noon,
  action: 'none',
  tenants: [],
  verdicts: [],
  guards: [],
  reasonsFor: [],
  reasonsAgainst: [],
  ...said,
});

const started = (run: string, kind: 'containment' | 'rollback'): EventBody => ({
  kind: 'run.started',
  run,
  plan: {
    kind,
    target: 'cafe',
    legacyCommit: 'c',
    manifestHash: 'm',
    configHash: 'c',
    hash: 'h',
    steps: [
      {
        id: 'first',
        action: 'stop-application',
        phase: 'stop',
        title: 'Stop it',
        commands: [],
        evidence: 'no process',
        effect: 'nobody is served',
        expectedMs: 1_000,
      },
    ],
  },
  authority: { by: 'daemon' },
});
const finished = (run: string, outcome: 'succeeded' | 'failed'): EventBody => ({
  kind: 'run.finished',
  run,
  outcome,
  reason: 'because',
});

test('before anything has happened every known sample is there, and none claims what nobody knows', async () => {
  const at = await samples(metricsOf());
  expect(at[`rollbackd_build_info{version="1.2.3",node="${process.version}"}`]).toBe(1);
  expect(at['rollbackd_probe_observations_total{probe="health",status="unobserved"}']).toBe(0);
  expect(at['rollbackd_runs_total{kind="rollback",outcome="failed"}']).toBe(0);
  expect(at['rollbackd_messages_total{channel="webhook",outcome="delivered"}']).toBe(0);
  expect(at['rollbackd_step_failures_total{action="restore-database",reason="other"}']).toBe(0);
  expect(at['rollbackd_tenant_leaking{tenant="lagoa"}']).toBe(0);
  expect(at.rollbackd_journal_writable).toBe(1);
  const unknown = ['rollbackd_backup_age_seconds', 'rollbackd_measure', 'rollbackd_threshold', 'rollbackd_readiness'];
  expect(Object.keys(at).filter((name) => unknown.some((each) => name.startsWith(each)))).toEqual([]);
});

test('an observation says whether its probe sees, and a blind probe keeps the age of its last sight', async () => {
  let now = noon;
  const metrics = metricsOf({ clock: { now: () => now } });
  const seen: Observation = {
    at: noon,
    tookMs: 30,
    probe: 'control',
    status: 'observed',
    values: { loopDelayMs: 1 },
  };
  metrics.observed(seen);
  now += 20_000;
  metrics.observed({ at: now, tookMs: 2_000, probe: 'control', status: 'unobserved', reason: 'no route' });
  const at = await samples(metrics);
  expect(at['rollbackd_probe_up{probe="control"}']).toBe(0);
  expect(at['rollbackd_probe_observations_total{probe="control",status="observed"}']).toBe(1);
  expect(at['rollbackd_probe_observations_total{probe="control",status="unobserved"}']).toBe(1);
  expect(at['rollbackd_probe_last_observed_timestamp_seconds{probe="control"}']).toBe(noon / 1_000);
  expect(at['rollbackd_probe_last_observed_age_seconds{probe="control"}']).toBe(20);
  expect(at['rollbackd_probe_last_observed_age_seconds{probe="mongo"}']).toBe(20);
  expect(at['rollbackd_probe_duration_seconds_sum{probe="control"}']).toBeCloseTo(2.03);
});

test('a probe that has nothing to look at has no age, and one that gets something counts from then', async () => {
  let now = noon;
  const metrics = metricsOf({ clock: { now: () => now } });
  metrics.watching(['health', 'requests']);
  now += 600_000;
  metrics.observed({ at: now, tookMs: 1, probe: 'synthetic', status: 'unobserved', reason: 'no route' });
  metrics.watching(['health', 'synthetic']);
  now += 5_000;
  const at = await samples(metrics);
  const ofProbe = (name: string) => Object.keys(at).filter((each) => each.startsWith(`${name}{`));
  for (const name of ['up', 'last_observed_timestamp_seconds', 'last_observed_age_seconds']) {
    expect(ofProbe(`rollbackd_probe_${name}`), name).toEqual([
      `rollbackd_probe_${name}{probe="health"}`,
      `rollbackd_probe_${name}{probe="synthetic"}`,
    ]);
  }
  expect(at['rollbackd_probe_last_observed_age_seconds{probe="health"}']).toBe(605);
  expect(at['rollbackd_probe_last_observed_age_seconds{probe="synthetic"}']).toBe(5);
});

test('a decision shows measures in base units, one verdict a criterion, and the guards', async () => {
  const metrics = metricsOf();
  const outage = verdictOf({
    criterion: 'unavailable',
    verdict: 'pending',
    unit: 'ms',
    value: 90_500,
    threshold: 900_000,
  });
  const guards = [
    { guard: 'mode', outcome: 'passed', reason: '' },
    { guard: 'pause', outcome: 'failed', reason: '' },
    { guard: 'drill', outcome: 'off', reason: '' },
  ] as const;
  metrics.decided(decisionOf({ action: 'hold', verdicts: [outage], guards: [...guards] }));
  const at = await samples(metrics);
  expect(at).toMatchObject({
    'rollbackd_measure{criterion="unavailable"}': 90.5,
    'rollbackd_threshold{criterion="unavailable"}': 900,
    'rollbackd_verdict{criterion="unavailable",verdict="pending"}': 1,
    'rollbackd_verdict{criterion="unavailable",verdict="breach"}': 0,
    'rollbackd_decision{action="hold"}': 1,
    'rollbackd_decision{action="none"}': 0,
    'rollbackd_readiness{guard="mode"}': 1,
    'rollbackd_readiness{guard="pause"}': 0,
    'rollbackd_readiness{guard="drill"}': -1,
  });
  metrics.decided(decisionOf({ verdicts: [{ ...outage, verdict: 'clear' }] }));
  expect(await samples(metrics)).toMatchObject({
    'rollbackd_verdict{criterion="unavailable",verdict="pending"}': 0,
    'rollbackd_verdict{criterion="unavailable",verdict="clear"}': 1,
    'rollbackd_decision{action="hold"}': 0,
  });
});

test('leaking tenants are named, strangers are one, and it ends with the leak', async () => {
  const metrics = metricsOf();
  metrics.decided(
    decisionOf({ verdicts: [verdictOf({ first: 'contain', tenants: ['lagoa', 'a stranger', 'another'] })] }),
  );
  expect(await samples(metrics)).toMatchObject({
    'rollbackd_tenant_leaking{tenant="negoes"}': 0,
    'rollbackd_tenant_leaking{tenant="lagoa"}': 1,
    'rollbackd_tenant_leaking{tenant="other"}': 1,
  });
  metrics.decided(decisionOf({ verdicts: [verdictOf({ verdict: 'clear', tenants: ['lagoa'] })] }));
  expect(await samples(metrics)).toMatchObject({ 'rollbackd_tenant_leaking{tenant="lagoa"}': 0 });
});

test('however many tenants there are, the labels stay bounded', async () => {
  const tenants = Array.from({ length: 5_000 }, (_, index) => `tenant-${index}`);
  const metrics = metricsOf({ tenants });
  metrics.decided(decisionOf({ verdicts: [verdictOf({ tenants })] }));
  const named = Object.keys(await samples(metrics)).filter((name) => name.startsWith('rollbackd_tenant_leaking'));
  expect(named).toHaveLength(201);
});

test('reasons of failed steps stay bounded, and free text is never a label', async () => {
  const failures = [...Array.from({ length: 100 }, (_, index) => `reason-${index}`), 'cannot read mongodb://u:p@h'].map(
    (reason): EventBody => ({
      kind: 'step.failed',
      run: 'r',
      step: 'switch-code',
      attempt: 1,
      tookMs: 10,
      reason,
      message: '',
    }),
  );
  const at = await after(...failures);
  const mine = Object.entries(at).filter(([name]) =>
    name.startsWith('rollbackd_step_failures_total{action="switch-code"'),
  );
  expect(mine).toHaveLength(41);
  expect(at['rollbackd_step_failures_total{action="switch-code",reason="other"}']).toBe(61);
  expect(JSON.stringify(at)).not.toContain('mongodb');
});

test('the mode follows the journal, and a pause ends by itself', async () => {
  let now = noon;
  const metrics = metricsOf({ clock: { now: () => now } });
  metrics.modeInForce('observe');
  const armed: EventBody = {
    kind: 'mode.armed',
    reason: 'the migration went well',
    person: 'ana',
    role: 'on-call-lead',
    until: noon,
    manifestHash: 'm',
    configHash: 'c',
    guardsOff: [],
  };
  const pause: EventBody = { kind: 'acting.paused', person: 'ana', reason: 'deploy', until: noon + 60_000 };
  for (const event of eventsOf(armed, pause)) metrics.observeEvent(event);
  expect(await samples(metrics)).toMatchObject({
    'rollbackd_mode{mode="armed"}': 1,
    'rollbackd_mode{mode="observe"}': 0,
    rollbackd_acting_paused: 1,
  });
  now += 60_000;
  expect(await samples(metrics)).toMatchObject({ rollbackd_acting_paused: 0 });
});

test('an incident is open under its tier until it ends', async () => {
  const opened: EventBody = {
    kind: 'incident.opened',
    incident: 'i',
    criterion: 'unavailable',
    tier: 'severe',
    tenants: [],
  };
  const worse: EventBody = {
    kind: 'incident.decided',
    incident: 'i',
    revision: 2,
    evidenceHash: 'e',
    decision: decisionOf({ tier: 'critical' }),
  };
  expect(await after(opened)).toMatchObject({ 'rollbackd_incident_open{tier="severe"}': 1 });
  expect(await after(opened, worse)).toMatchObject({
    'rollbackd_incident_open{tier="severe"}': 0,
    'rollbackd_incident_open{tier="critical"}': 1,
  });
  expect(await after(opened, worse, { kind: 'incident.withdrawn', incident: 'i', reason: 'healed' })).toMatchObject({
    'rollbackd_incident_open{tier="critical"}': 0,
    'rollbackd_incidents_total{outcome="withdrawn"}': 1,
  });
});

test('a run that failed is counted again when it is resumed, and its steps are timed by action', async () => {
  const step: EventBody = { kind: 'step.succeeded', run: 'r', step: 'first', attempt: 1, tookMs: 2_000, evidence: {} };
  const story = [started('r', 'rollback'), step, finished('r', 'failed'), { kind: 'run.resumed', run: 'r' }] as const;
  expect(await after(...story)).toMatchObject({
    'rollbackd_runs_total{kind="rollback",outcome="failed"}': 1,
    'rollbackd_step_duration_seconds_sum{action="stop-application"}': 2,
  });
  expect(await after(...story, finished('r', 'succeeded'))).toMatchObject({
    'rollbackd_run_duration_seconds_sum{kind="rollback"}': 6,
    'rollbackd_run_duration_seconds_count{kind="rollback"}': 2,
  });
});

test('deliveries are counted by channel, strangers as one', async () => {
  expect(
    await after(
      { kind: 'message.queued', message: 'm', subject: 's', text: 't', urgency: 'told' },
      { kind: 'message.delivered', message: 'm', channel: 'log' },
      { kind: 'message.undeliverable', message: 'm', channel: 'webhook', reason: '400' },
      { kind: 'message.delivered', message: 'm', channel: 'pigeon' },
    ),
  ).toMatchObject({
    'rollbackd_messages_total{channel="log",outcome="delivered"}': 1,
    'rollbackd_messages_total{channel="webhook",outcome="undeliverable"}': 1,
    'rollbackd_messages_total{channel="other",outcome="delivered"}': 1,
  });
});

test('what stands now is shown as the state has it, the pinned backup with it', async () => {
  const metrics = metricsOf();
  const activeRuns = { containment: 0, rollback: 1 };
  metrics.stands({ contained: true, activeRuns, pendingMessages: 3, pinnedBackupAt: noon - 60_000 });
  expect(await samples(metrics)).toMatchObject({
    rollbackd_containment_active: 1,
    'rollbackd_run_active{kind="rollback"}': 1,
    rollbackd_outbox_pending: 3,
    rollbackd_backup_age_seconds: 60,
  });
});

test('what the guards said of a breach is gone with it', async () => {
  const metrics = metricsOf();
  metrics.decided(decisionOf({ action: 'page', guards: [{ guard: 'pause', outcome: 'failed', reason: '' }] }));
  metrics.decided(decisionOf({ action: 'none' }));
  const names = Object.keys(await samples(metrics));
  expect(names.filter((name) => name.startsWith('rollbackd_readiness'))).toEqual([]);
});

test('channels that take nothing are told, and Slack only where somebody can answer there', async () => {
  const metrics = metricsOf();
  expect(await samples(metrics)).not.toHaveProperty('rollbackd_slack_connected');
  metrics.channelFailing('webhook', true);
  metrics.slackConnected(false);
  expect(await samples(metrics)).not.toHaveProperty('rollbackd_slack_request_timestamp_seconds');
  metrics.slackRequested(noon);
  expect(await samples(metrics)).toMatchObject({
    'rollbackd_channel_failing{channel="webhook"}': 1,
    'rollbackd_channel_failing{channel="log"}': 0,
    rollbackd_slack_connected: 0,
    rollbackd_slack_request_timestamp_seconds: noon / 1_000,
  });
});

test('the watch and the reloads are told', async () => {
  const watch: EventBody = { kind: 'watch.started', run: 'r', until: noon };
  expect(await after(watch, { kind: 'config.refused', faults: ['x'] })).toMatchObject({
    rollbackd_watch_active: 1,
    'rollbackd_config_reloads_total{outcome="refused"}': 1,
    rollbackd_journal_events_total: 2,
  });
  expect(await after(watch, { kind: 'watch.closed', run: 'r', summary: {} })).toMatchObject({
    rollbackd_watch_active: 0,
  });
});

test('what the daemon says of itself', async () => {
  const metrics = metricsOf();
  metrics.loopLagged(250);
  metrics.journalFailed();
  metrics.journalWritable(false);
  metrics.backupTaken(noon - 3_600_000);
  for (const total of [3, 3, 5]) metrics.recorderDropped(total);
  expect(await samples(metrics)).toMatchObject({
    rollbackd_loop_lag_seconds: 0.25,
    rollbackd_journal_errors_total: 1,
    rollbackd_journal_writable: 0,
    rollbackd_backup_age_seconds: 3_600,
    rollbackd_recorder_dropped_total: 5,
  });
});

test('documents that come back on a route that decides nothing are shown for it, as long as they do', async () => {
  const metrics = metricsOf();
  const name = 'rollbackd_uncounted_leaks{route="reports",why="untrusted"}';
  expect(await samples(metrics)).not.toHaveProperty([name]);
  metrics.uncountedLeaks([{ route: 'reports', why: 'untrusted', documents: 2 }]);
  expect(await samples(metrics)).toMatchObject({ [name]: 2 });
  metrics.uncountedLeaks([]);
  expect(await samples(metrics)).not.toHaveProperty([name]);
});
