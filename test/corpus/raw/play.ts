import type { Clock } from '../../../src/core/clock.ts';
import type { Observation } from '../../../src/model/observation.ts';
import type { Probe } from '../../../src/probes/contract.ts';
import { probesSchema, targetSchema } from '../../../src/probes/schema.ts';
import { routes, tenants } from './cafe.ts';
import { collections } from './documents.ts';
import { lineOf } from './nginx.ts';
import { probesOn } from './probes.ts';
import { type Done, type Now, PureHalf, slotMs } from './pure-half.ts';
import { Dice } from './random.ts';
import type { Story } from './story.ts';
import { applicationUrl, publicUrl, targetOf } from './target.ts';
import { Users } from './users.ts';
import { type World, worldAt } from './world.ts';

const begin = Date.parse('2026-01-13T10:00:00Z');
const cutoverAt = begin - 26 * 3_600_000;
const tick = 5_000;

export interface Happened extends Done {
  /** From the begin of the story, whatever the clock on the wall said. */
  readonly at: number;
}

/** Plays a story on the real probes and rules; only the world around them is pretended. */
export async function play(
  story: Story,
): Promise<{ readonly happened: readonly Happened[]; readonly refused: readonly string[] }> {
  const theatre = new Theatre(story);
  for (let at = 0; at <= story.lasts; at += tick) await theatre.turn(at);
  return { happened: theatre.happened, refused: theatre.refused };
}

class Theatre {
  readonly happened: Happened[] = [];
  readonly #story: Story;
  readonly #daemon: PureHalf;
  readonly #users: Users;
  readonly #probes: readonly Probe[];
  #at = 0;
  #seen: { readonly key: string; readonly world: World } | undefined;
  #lines: string[] = [];

  constructor(story: Story) {
    this.#story = story;
    const target = targetSchema.parse({
      name: 'cafe',
      applicationUrl,
      publicUrl,
      tenants: tenants.map((slug) => ({ slug })),
    });
    const probes = probesOf(story);
    const { mode, containment } = story;
    const baseline = story.latencyBaseline ? routes.map(({ route, p95 }) => [route, p95] as const) : [];
    this.#daemon = new PureHalf({ mode, containment, probes, target, cutoverAt, baseline }, this.#now);
    this.#users = new Users(
      story.title,
      (at) => this.#worldAt(at),
      () => !this.#daemon.isStopped,
    );
    this.#probes = probesOn({
      target,
      probes,
      logFormat: story.logFormat,
      slotMs,
      clock: this.#clock,
      ask: targetOf({
        world: () => this.#world,
        isStopped: () => this.#daemon.isStopped,
        version: () => this.#version,
        write: (logged) => this.#lines.push(lineOf(story.logFormat, logged, this.#wallAt(this.#at))),
        dice: new Dice(`${story.title}, asked by rollbackd`),
      }),
      world: () => this.#world,
      isStopped: () => this.#daemon.isStopped,
      version: () => this.#version,
      takeLines: () => this.#lines.splice(0),
      connections: () => 2 + this.#users.waiting,
    });
  }

  get refused(): readonly string[] {
    return this.#daemon.refused;
  }

  async turn(at: number): Promise<void> {
    const before = this.#at;
    this.#at = at;
    for (const { over, logged } of this.#users.until(at)) {
      this.#lines.push(lineOf(this.#story.logFormat, logged, this.#wallAt(over)));
    }
    const isDue = (moment: number) => (at === 0 ? moment === 0 : moment > before && moment <= at);
    for (const restart of this.#story.restarts) if (isDue(restart)) this.#daemon.restart(this.#now);
    for (const { at: moment, person } of this.#story.people) if (isDue(moment)) this.#daemon.person(person, this.#now);
    await this.#look(this.#probes.filter(({ everyMs }) => at % everyMs === 0));
    this.#judge();
  }

  async #look(probes: readonly Probe[]): Promise<void> {
    const seen: Observation[] = [];
    for (const probe of probes) seen.push(...(await lookOf(probe, this.#clock)));
    this.#daemon.remember(seen, this.#now);
  }

  #judge(): void {
    this.#daemon.turn(this.#now);
    this.happened.push(...this.#daemon.done.splice(0).map((done) => ({ ...done, at: this.#at })));
  }

  #worldAt(at: number): World {
    return worldAt(this.#story.base, this.#story.periods, at, this.#version);
  }

  /** The same for all questions of one moment. */
  get #world(): World {
    const key = `${this.#at} ${this.#version}`;
    if (this.#seen?.key !== key) this.#seen = { key, world: this.#worldAt(this.#at) };
    return this.#seen.world;
  }

  get #version(): 'unified' | 'legacy' {
    return this.#daemon.version(this.#now);
  }

  #wallAt(at: number): number {
    const steps = this.#story.clockSteps.filter((step) => step.at <= at);
    return steps.reduce((wall, { by }) => wall + by, begin + Math.round(at));
  }

  get #now(): Now {
    return { wall: this.#wallAt(this.#at), monotonic: this.#at };
  }

  get #clock(): Clock {
    return {
      now: () => this.#now.wall,
      monotonic: () => this.#at,
      sleep: async () => {},
    };
  }
}

async function lookOf(probe: Probe, clock: Clock): Promise<Observation[]> {
  try {
    return await probe.look(new AbortController().signal);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return [{ probe: probe.name, at: clock.now(), tookMs: 0, status: 'unobserved', reason }];
  }
}

function probesOf({ routes: kind }: Story) {
  const idField = kind === 'ids are called id' ? 'id' : '_id';
  const storedIdField = '_id';
  const menu = {
    name: 'menu',
    list: '/api/menu',
    one: '/api/menu/{id}',
    idField,
    storedIdField,
    collection: collections.menu,
    trusted: kind !== 'menu untrusted',
    leakedBefore: kind === 'menu leaked before',
  };
  const orders = {
    name: 'orders',
    list: '/api/orders',
    documents: '$.data[*]',
    idField,
    storedIdField,
    collection: collections.orders,
    trusted: true,
  };
  const asked = [
    menu,
    orders,
    { name: 'tables', list: '/api/tables', idField, storedIdField, collection: collections.tables, trusted: true },
  ];
  const unified = { health: { path: '/health', databaseConnected: '$.database.connected' }, routes: asked };
  return probesSchema.parse({ unified, legacy: { health: { path: '/api/tenants' }, routes: asked } });
}
