import type { Answer, Observation } from '../../src/model/observation.ts';
import type { Leak, World } from './world.ts';

export const tenants = ['negoes', 'warung', 'kopi'] as const;
const routes = ['menu', 'orders', 'reports', 'archive'] as const;

const up: Answer = { outcome: 'up', why: 'ok', status: 200, tookMs: 4 };
const down = (why: Answer['why'], status?: number): Answer => ({
  outcome: 'down',
  why,
  tookMs: 4,
  ...(status !== undefined && { status }),
});
const blind = (probe: Observation['probe'], at: number): Observation => ({
  probe,
  at,
  tookMs: 0,
  status: 'unobserved',
  reason: `${probe} cannot see`,
});

export function controlAt(world: World, at: number): Observation {
  if (world.blind.includes('network')) return blind('control', at);
  return { probe: 'control', at, tookMs: 0, status: 'observed', values: { loopDelayMs: 1 } };
}

export function healthAt(world: World, stopped: boolean, at: number): Observation {
  if (world.blind.includes('health')) return blind('health', at);
  const state = stopped ? 'gone' : world.mongod === 'down' && world.application === 'up' ? 'sick' : world.application;
  const offline = world.blind.includes('network');
  const direct = offline ? down('timeout') : directAnswer(state);
  return {
    probe: 'health',
    at,
    tookMs: 4,
    status: 'observed',
    values: {
      application: state === 'up' ? { ...direct, database: world.database } : direct,
      balancer: throughBalancer(world, state, offline ? 'offline' : direct),
      vantage: { processes: { online: state === 'gone' ? 0 : 1, expected: 1 }, listening: state !== 'gone' },
    },
  };
}

function directAnswer(state: World['application']): Answer {
  switch (state) {
    case 'up':
      return up;
    case 'gone':
      return down('refused');
    case 'sick':
    case 'mistaken':
      return down('status', 503);
    case 'moved':
      return down('status', 404);
    case 'hanging':
    case 'deaf':
      return down('timeout');
  }
}

function throughBalancer({ balancer }: World, state: World['application'], direct: Answer | 'offline'): Answer {
  if (direct === 'offline') return down('timeout');
  if (balancer === 'gone') return down('refused');
  if (balancer === 'index') return down('body', 200);
  if (balancer === 'down') return down('status', 502);
  if (state === 'deaf') return up;
  return state === 'gone' ? down('status', 502) : direct;
}

export function mongoAt(world: World, at: number): Observation {
  if (world.blind.includes('mongo') || world.blind.includes('network')) return blind('mongo', at);
  const unified = {
    up: 'reachable',
    down: 'unreachable',
    'refuses-login': 'login-refused',
    barred: 'unreachable',
    retired: 'unreachable',
  } as const;
  const own = world.legacyServer === 'own';
  const legacy = own ? 'reachable' : unified[world.mongod];
  const legacyWritable = legacy === 'reachable' && world.legacyServer !== 'read-only';
  return {
    probe: 'mongo',
    at,
    tookMs: 2,
    status: 'observed',
    values: { unified: unified[world.mongod], legacy, legacyWritable },
  };
}

/** One question as each tenant on each route; `round` counts them, for what leaks only now and then. */
export function isolationAt(world: World, stopped: boolean, at: number, round: number): Observation[] {
  const serves = ['up', 'moved', 'mistaken'].includes(world.application);
  const silent = stopped || !serves || world.mongod === 'down';
  if (silent || world.blind.includes('isolation') || world.blind.includes('network')) return [blind('isolation', at)];
  return tenants.flatMap((tenant) =>
    routes.map((route): Observation => {
      const leaks = world.leaks.filter((leak) => leak.as === tenant && leak.route === route && shows(leak, round));
      const foreign = leaks.flatMap(documentsOf);
      const checked = world.ownersKnown ? 5 + foreign.length : 0;
      const values = { tenant, route, ask: 'own-list', trusted: route !== 'reports', checked, foreign } as const;
      return { probe: 'isolation', at, tookMs: 6, status: 'observed', values: { ...values, foreign } };
    }),
  );
}

const shows = ({ every = 1 }: Leak, round: number): boolean => round % every === 0;

const documentsOf = ({ of, documents = 3 }: Leak) =>
  Array.from({ length: documents }, (_, index) => ({ id: `${of}-${index}`, owners: [of] }));
