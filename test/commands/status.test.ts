import { expect, it } from 'vitest';
import { pause } from '../../src/commands/pause.ts';
import { status } from '../../src/commands/status/status.ts';
import { statusView } from '../../src/commands/status/view.ts';
import type { IsolationValues, Observation } from '../../src/model/observation.ts';
import { probesOf } from '../probes/settings.ts';
import { as, askedWhileContained, asking, hour, rollbackFailed, stage, start } from './fixture.ts';

it('has the documented shape whatever has happened', async () => {
  for (const past of [[], asking('moderate'), askedWhileContained(), rollbackFailed()]) {
    const { context } = stage({ past });
    const view = await status(context);
    expect(statusView.parse(JSON.parse(JSON.stringify(view)))).toEqual(view);
  }
});

it('is readable where a daemon of before says no reasons of a question', async () => {
  const { context } = stage({ past: asking() });
  const { incident, ...view } = await status(context);
  const { reasonsFor, reasonsAgainst, ...request } = incident?.request ?? {};
  const read = statusView.parse({ ...view, incident: { ...incident, request } });
  expect([reasonsFor, reasonsAgainst]).toEqual([['revision 1'], []]);
  expect(read.incident?.request).toEqual({ ...request, reasonsFor: [], reasonsAgainst: [] });
});

it('says whom an incident waits for', async () => {
  const { context } = stage({ past: asking('moderate') });
  const { incident } = await status(context);
  expect(incident?.waitsFor).toBe(
    'a yes or no of engineering-manager and product-owner: ask eva (engineering-manager), or pia (product-owner)',
  );
  expect(incident?.request?.outstanding).toEqual([['engineering-manager'], ['product-owner']]);
});

it('shows a run step by step, with what failed and why', async () => {
  const { context } = stage({ past: rollbackFailed() });
  const { run } = await status(context);
  expect(run).toMatchObject({ run: 'run-9', status: 'failed', reason: 'switch-code: locked' });
  expect(run?.steps).toMatchObject([
    { id: 'stop-application', status: 'succeeded', tookMs: 1_200 },
    { id: 'switch-code', status: 'failed', failure: { reason: 'code', message: 'locked' } },
  ]);
});

it('tells the age of each look, and blindness from sight', async () => {
  const observations: Observation[] = [
    { probe: 'mongo', status: 'unobserved', at: start - 4_000, tookMs: 5, reason: 'no route to host' },
    { probe: 'control', status: 'observed', at: start - 1_000, tookMs: 1, values: { loopDelayMs: 3 } },
  ];
  const { context } = stage();
  const { probes } = await status({
    ...context,
    latest: () => ({ verdicts: [], decision: undefined, observations }),
  });
  expect(probes).toMatchObject([
    { probe: 'mongo', status: 'unobserved', ageMs: 4_000, summary: 'no route to host' },
    { probe: 'control', ageMs: 1_000, summary: 'the event loop lags 3ms' },
  ]);
});

it('shows messages that nobody has got, and why', async () => {
  const message = { message: 'inc-1/opened', subject: 'leak', text: 'x', urgency: 'alarmed' } as const;
  const { context, memory } = stage();
  memory.append(
    { kind: 'message.queued', ...message },
    { kind: 'message.undeliverable', message: message.message, channel: 'webhook', reason: 'timeout' },
  );
  const { undelivered } = await status(context);
  expect(undelivered).toMatchObject([{ subject: 'leak', faults: ['webhook: timeout'] }]);
});

it('shows messages that only the log has taken, where somebody else should have', async () => {
  const message = (id: string) => ({ message: id, subject: id, text: 'x', urgency: 'alarmed' }) as const;
  const { context, memory } = stage();
  const start = { version: '0', configHash: 'c', pid: 1 } as const;
  memory.append(
    { kind: 'daemon.started', ...start, channels: ['log'] },
    { kind: 'message.queued', ...message('before') },
    { kind: 'message.delivered', message: 'before', channel: 'log' },
    { kind: 'daemon.started', ...start, channels: ['log', 'webhook'] },
    { kind: 'message.queued', ...message('got') },
    { kind: 'message.queued', ...message('waits') },
    ...['got', 'waits'].map((id) => ({ kind: 'message.delivered', message: id, channel: 'log' }) as const),
    { kind: 'message.delivered', message: 'got', channel: 'webhook' },
  );
  const { undelivered } = await status(context);
  expect(undelivered).toMatchObject([{ subject: 'waits', faults: ['webhook: not taken yet, the log says why'] }]);
});

it('shows a pause until it has expired', async () => {
  const { context, pass } = stage();
  await pause(context, as('ana'), { reason: 'x', for: hour });
  expect((await status(context)).paused).toMatchObject({ person: 'ana' });
  pass(hour);
  expect((await status(context)).paused).toBeUndefined();
});

it('names the tenants that not every source knows', async () => {
  const tenant = (slug: string, ...missingFrom: string[]) => ({ slug, knownTo: ['configuration'], missingFrom });
  const look = (...tenants: ReturnType<typeof tenant>[]): Observation => ({
    probe: 'tenants',
    status: 'observed',
    at: start,
    tookMs: 1,
    values: { tenants },
  });
  const summaryOf = async (observation: Observation) => {
    const { context } = stage();
    const latest = () => ({ verdicts: [], decision: undefined, observations: [observation] });
    return (await status({ ...context, latest })).probes[0]?.summary;
  };
  expect(await summaryOf(look(tenant('a', 'backup'), tenant('b')))).toBe(
    '1 tenant is not known to every source: a (not in backup)',
  );
  const many = ['a', 'b', 'c', 'd', 'e'].map((slug) => tenant(slug, 'backup', 'unified'));
  expect(await summaryOf(look(...many))).toMatch(
    /^5 tenants are not known .*: a \(not in backup, unified\), .* and 2 more$/,
  );
});

it('says with the requests what about the log is hardly meant so', async () => {
  const { context } = stage();
  const values = { slots: [], openUpstream: 2, doubts: ['none of the last 200 requests names a tenant'] };
  const observations: Observation[] = [{ probe: 'requests', status: 'observed', at: start, tookMs: 1, values }];
  const latest = () => ({ verdicts: [], decision: undefined, observations });
  expect((await status({ ...context, latest })).probes[0]?.summary).toBe(
    '0 requests, 0 failed since the look before, 2 connections to the application open; none of the last 200 requests names a tenant',
  );
});

it('says with the requests how many were refused or given up at once', async () => {
  const { context } = stage();
  const slot = { at: start, requests: 8, errors: 1, refused: 40, cancelled: 2, routes: [], tenants: [] };
  const observations: Observation[] = [
    { probe: 'requests', status: 'observed', at: start, tookMs: 1, values: { slots: [slot] } },
  ];
  const latest = () => ({ verdicts: [], decision: undefined, observations });
  expect((await status({ ...context, latest })).probes[0]?.summary).toBe(
    '8 requests, 1 failed, 40 refused, 2 given up at once since the look before',
  );
});

it('says of an answer on which route it decides nothing, and why, and which way it was asked', async () => {
  const { routes } = probesOf().unified;
  const [menu] = routes;
  if (!menu) throw new Error('there is no route');
  const unified = { routes: [menu, { ...menu, name: 'old', leakedBefore: true }] };
  const values = { tenant: 'kopi', ask: 'own-list', trusted: true, checked: 3 } as const;
  const foreign = [{ id: 'a1', owners: ['negoes'] }];
  const looks: IsolationValues[] = [
    { ...values, route: 'menu', foreign: [] },
    { ...values, route: 'menu', via: 'balancer', foreign: [] },
    { ...values, route: 'reports', trusted: false, foreign },
    { ...values, route: 'old', foreign },
  ];
  const observations = looks.map(
    (each): Observation => ({ probe: 'isolation', status: 'observed', at: start, tookMs: 1, values: each }),
  );
  const { context } = stage({ settings: { probes: { unified, legacy: { routes: [] } } } });
  const latest = () => ({ verdicts: [], decision: undefined, observations });
  const { probes } = await status({ ...context, latest });
  expect(probes.map(({ summary }) => summary)).toEqual([
    'kopi asked menu (own-list): 3 documents checked, none foreign',
    'kopi asked menu through the balancer (own-list): 3 documents checked, none foreign',
    "kopi asked reports (own-list): 1 of 3 documents are another tenant's; not trusted, so it decides nothing",
    "kopi asked old (own-list): 1 of 3 documents are another tenant's; leaks there are known from before, so it decides nothing",
  ]);
});
