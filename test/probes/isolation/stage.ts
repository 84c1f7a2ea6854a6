import type { IncomingMessage, ServerResponse } from 'node:http';
import type { DocumentOwnership, Owners } from '../../../src/adapters/mongo/ownership.ts';
import { type Clock, systemClock } from '../../../src/core/clock.ts';
import type { Observation } from '../../../src/model/observation.ts';
import { askHttp } from '../../../src/probes/ask.ts';
import type { Probe } from '../../../src/probes/contract.ts';
import { isolationProbe } from '../../../src/probes/isolation/probe.ts';
import { serve, type TestServer } from '../server.ts';
import { menu, type ProbesInput, probesOf, targetOf } from '../settings.ts';

export const forever = new AbortController().signal;

/** What the menus belong to; `shared` is in everybody's seed. */
const owners: Record<string, Owners> = {
  a1: ['negoes'],
  a2: ['negoes'],
  b1: ['kopi'],
  shared: ['negoes', 'kopi'],
  open: 'everyone',
};

export const ownership: DocumentOwnership = {
  ownersOf: async (_route, ids) =>
    new Map(ids.flatMap((id): [string, Owners][] => (owners[id] === undefined ? [] : [[id, owners[id]]]))),
  foreignId: async (_route, tenant) => (tenant === 'negoes' ? 'b1' : 'a1'),
};

interface Asked {
  readonly tenant: string;
  readonly path: string;
  readonly request: IncomingMessage;
}
export type Application = (
  asked: Asked,
  answer: (status: number, body?: unknown) => void,
  response: ServerResponse,
) => void;

export const own: Record<string, string[]> = { negoes: ['a1', 'a2', 'shared'], kopi: ['b1', 'shared'] };
export const documents = (ids: readonly string[] = []) => ids.map((_id) => ({ _id, name: `dish ${_id}` }));

/** Hands each tenant its own, and nobody else's. */
export const well: Application = ({ tenant, path }, answer) => {
  if (!tenant) return answer(400);
  if (path === '/api/menu') return answer(200, documents(own[tenant]));
  const id = path.split('/').at(-1) ?? '';
  return own[tenant]?.includes(id) ? answer(200, documents([id])[0]) : answer(404, { message: 'not found' });
};

export const serveAs = (application: Application): Promise<TestServer> =>
  serve((request, response) => {
    const answer = (status: number, body?: unknown) =>
      void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body ?? {}));
    const tenant = String(request.headers['x-tenant-slug'] ?? '');
    application({ tenant, path: request.url ?? '', request }, answer, response);
  });

export interface Situation {
  readonly application?: Application;
  readonly ownership?: DocumentOwnership;
  readonly slugs?: readonly string[];
  readonly knownTenants?: readonly string[];
  readonly probes?: Partial<ProbesInput>;
  readonly clock?: Clock;
}

/** Only on the application's own port, where the situation does not say otherwise. */
export function probeOn(applicationUrl: string, situation: Situation = {}, publicUrl = applicationUrl): Probe {
  const config = probesOf({ isolationThroughBalancerEvery: '0s', ...situation.probes });
  return isolationProbe({
    target: targetOf(applicationUrl, situation.slugs ?? ['negoes', 'kopi'], publicUrl),
    probes: config,
    version: () => ({
      probeSet: config.unified,
      ownership: situation.ownership ?? ownership,
      knownTenants: async () => situation.knownTenants ?? [],
    }),
    ask: askHttp,
    clock: situation.clock ?? systemClock,
  });
}

export async function look(situation: Situation): Promise<Observation[]> {
  await using server = await serveAs(situation.application ?? well);
  return await probeOn(server.url, situation).look(forever);
}

export const routes = (...list: Partial<typeof menu>[]): Partial<ProbesInput> => ({
  unified: { health: { path: '/health' }, routes: list.map((route) => ({ ...menu, ...route })) },
});

/** What each question came to, in short: the documents that are another tenant's, or how many were checked, or why not. */
export const outcomes = (seen: readonly Observation[]): [string, unknown][] =>
  seen.flatMap((one): [string, unknown][] => {
    if (one.status === 'unobserved') return [one.reason.split(': ') as [string, string]];
    if (one.probe !== 'isolation') return [];
    const { ask, route, tenant, via, checked, foreign } = one.values;
    const leaked = foreign.map(({ id, owners: whose }) => `${id} of ${whose}`);
    const question = `${ask} of ${route} as ${tenant || 'nobody'}${via ? ' through the balancer' : ''}`;
    return [[question, leaked.length > 0 ? leaked : checked]];
  });

/** Where each question is asked once. */
export const brief = (seen: readonly Observation[]) => Object.fromEntries(outcomes(seen));
