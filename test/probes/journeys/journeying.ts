import type { Clock } from '../../../src/core/clock.ts';
import type { Observation } from '../../../src/model/observation.ts';
import type { Version } from '../../../src/model/version.ts';
import { type Ask, askHttp } from '../../../src/probes/ask.ts';
import { journeysProbe } from '../../../src/probes/journeys/probe.ts';
import { paceOf } from '../../../src/probes/journeys/turns.ts';
import { targetSchema } from '../../../src/probes/schema.ts';
import { type ProbesInput, probesOf } from '../settings.ts';

export type JourneyInput = NonNullable<ProbesInput['unified']['journeys']>[number];
export type StepInput = JourneyInput['steps'][number];

export const login: StepInput = {
  name: 'log in',
  method: 'POST',
  path: '/api/auth/login',
  changesNothing: true,
  body: { tenant: '{tenant}', email: '{email}', password: '{password}' },
  save: { token: '$.token' },
  login: true,
};

const headers = { Authorization: 'Bearer {token}' };

export const create: StepInput = {
  name: 'create',
  method: 'POST',
  path: '/api/menu',
  headers,
  body: { name: 'test {mark}', price: 1 },
  expectStatus: [201],
  save: { item: '$._id' },
  undo: { path: '/api/menu/{item}', headers },
};

export const readBack: StepInput = {
  name: 'read back',
  path: '/api/menu/{item}',
  expectJson: { '$._id': '{item}', '$.name': 'test {mark}', '$.price': 1 },
};

export const list: StepInput = { name: 'list', path: '/api/menu', save: { first: '$.data[0]._id' } };
export const readOne: StepInput = { name: 'read one', path: '/api/menu/{first}', expectJson: { '$._id': '{first}' } };

export const looking: JourneyInput = { name: 'look', steps: [list, readOne] };
export const writing: JourneyInput = { name: 'write', writes: true, steps: [login, create, readBack] };

interface Situation {
  readonly publicUrl: string;
  readonly applicationUrl?: string;
  readonly journeys?: readonly JourneyInput[];
  readonly slugs?: readonly string[];
  /** Left out, what the test's own café takes. */
  readonly loginOf?: (slug: string) => { readonly email: string; readonly password: string };
  readonly timeout?: string;
  readonly ask?: Ask;
  readonly signal?: AbortSignal;
}

/** The probe with a clock that only the test moves; each tenant but `guest` has a login. */
export function journeying(situation: Situation) {
  const { publicUrl, applicationUrl = publicUrl, journeys = [looking], slugs = ['kopi'], ask = askHttp } = situation;
  const { loginOf = (slug: string) => ({ email: `admin@${slug}`, password: `secret of ${slug}` }) } = situation;
  const set = { health: { path: '/health' }, journeys: [...journeys] };
  const probes = probesOf({ timeout: situation.timeout ?? '5s', unified: set, legacy: set });
  const target = targetSchema.parse({
    name: 'cafe',
    applicationUrl,
    publicUrl,
    tenants: slugs.map((slug) => ({
      slug,
      ...(slug !== 'guest' && { login: loginOf(slug) }),
    })),
  });
  const running: { version: Version } = { version: 'unified' };
  let now = 0;
  const clock: Clock = { now: () => now, monotonic: () => now, sleep: async () => {} };
  const everyMs = paceOf(probes) ?? 0;
  const traffic = { maintenanceStatus: 503 };
  const probe = journeysProbe({ target, probes, traffic, everyMs, version: () => running.version, ask, clock });
  return {
    everyMs,
    running,
    pass: (ms: number) => {
      now += ms;
    },
    look: (): Promise<Observation[]> => probe.look(situation.signal ?? new AbortController().signal),
  };
}

/** One journey's values, or why nothing was seen. */
export const told = ([seen]: readonly Observation[]) =>
  seen?.status === 'observed' ? seen.values : (seen?.reason ?? 'not made');
