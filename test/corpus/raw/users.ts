import { type Answer, answerTo, type Request } from './application.ts';
import { type CafeRoute, routes, shareOfTenant, smallTenants, tenants } from './cafe.ts';
import { type Logged, throughBalancer } from './nginx.ts';
import { Dice } from './random.ts';
import type { World } from './world.ts';

interface UnderWay {
  readonly over: number;
  readonly logged: Logged;
}

type WorldAt = (at: number) => World;

const browser = 'Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36';
const weightedRoutes = routes.map((route) => [route, route.share] as const);
const probed = ['/wp-login.php', '/api/admin', '/.env', '/api/v1/users', '/api/config', '/phpmyadmin/index.php'];

/** Everybody but rollbackd: they come when they like, and their requests are written down when these are over. */
export class Users {
  readonly #worldAt: WorldAt;
  readonly #isServed: () => boolean;
  readonly #dice: Dice;
  readonly #next = { user: 0, importing: 0, bot: 0, typing: 0 };
  #underWay: UnderWay[] = [];

  constructor(title: string, worldAt: WorldAt, isServed: () => boolean) {
    this.#worldAt = worldAt;
    this.#isServed = isServed;
    this.#dice = new Dice(title);
  }

  /** Requests that wait for the application's answer now. */
  get waiting(): number {
    return this.#underWay.length;
  }

  /** What was over by then, in the order of that. */
  until(now: number): UnderWay[] {
    this.#arrive(
      'user',
      now,
      ({ perMinute }) => perMinute,
      (world) => this.#user(world),
    );
    this.#arrive(
      'importing',
      now,
      ({ importing }) => importing?.perMinute ?? 0,
      (world) => this.#importing(world),
    );
    this.#arrive(
      'bot',
      now,
      ({ bots }) => bots,
      (world) => this.#bot(world),
    );
    this.#arrive(
      'typing',
      now,
      ({ typedAhead }) => typedAhead,
      (world) => this.#typing(world),
    );
    const over = this.#underWay.filter((one) => one.over <= now).sort((a, b) => a.over - b.over);
    this.#underWay = this.#underWay.filter((one) => one.over > now);
    return over;
  }

  #arrive(
    who: 'user' | 'importing' | 'bot' | 'typing',
    now: number,
    rate: (world: World) => number,
    request: (world: World) => Logged,
  ) {
    while (this.#next[who] <= now) {
      const at = this.#next[who];
      const world = this.#worldAt(at);
      const perMinute = rate(world);
      if (perMinute === 0) {
        this.#next[who] = at + 1_000;
        continue;
      }
      if (at > 0 && world.balancer !== 'down') {
        const isServed = this.#isServed() && world.balancer === 'up';
        const logged = isServed ? request(world) : maintenance(request(world));
        this.#underWay.push({ over: at + logged.takes, logged });
      }
      this.#next[who] = at + this.#dice.pause(perMinute);
    }
  }

  #user(world: World): Logged {
    const { count, share } = world.smallTenants;
    const tenant = this.#dice.happens(share)
      ? this.#dice.pick(smallTenants(count).map((slug) => [slug, 1] as const))
      : this.#dice.pick(shareOfTenant);
    return this.#ask(this.#dice.pick(weightedRoutes), tenant, world, this.#patience(world));
  }

  #patience({ patience }: World): number {
    return patience >= 60_000 && this.#dice.happens(0.3) ? this.#dice.between(8_000, 30_000) : patience;
  }

  #importing(world: World): Logged {
    const { tenant, failing } = world.importing ?? { tenant: tenants[0], failing: 0 };
    const route = routes.find((each) => each.route === 'POST /api/orders') ?? routes[0];
    if (!route) throw new RangeError('the café serves nothing');
    const logged = this.#ask(route, tenant, world, 60_000);
    return this.#dice.happens(failing) ? { ...logged, status: 500 } : logged;
  }

  #ask({ method, path, ...asked }: CafeRoute, tenant: string, world: World, patience: number): Logged {
    const answer = answerTo({ ...asked, tenant }, world, this.#dice);
    return { method, path, agent: browser, tenant, ...throughBalancer(answer, patience) };
  }

  #bot(world: World): Logged {
    const path = this.#dice.pick(probed.map((each) => [each, 1] as const));
    const refusal: Answer = { status: this.#dice.happens(0.5) ? 404 : 401, takes: this.#dice.between(1, 10) };
    const answer = world.application === 'up' ? refusal : answerTo(anyQuestion, world, this.#dice);
    return { method: 'GET', path, agent: 'zgrab/0.x', tenant: '', ...throughBalancer(answer, 10_000) };
  }

  #typing(world: World): Logged {
    const path = '/api/menu/search';
    const answer = answerTo({ ...anyQuestion, route: `GET ${path}`, tenant: 'negoes' }, world, this.#dice);
    return {
      method: 'GET',
      path,
      agent: browser,
      tenant: 'negoes',
      ...throughBalancer(answer, this.#dice.between(60, 150)),
    };
  }
}

const anyQuestion: Request = { route: 'GET /api/menu', p95: 250, tenant: '', refusals: [] };

/** While maintenance is shown the balancer answers by itself. */
const maintenance = (logged: Logged): Logged => ({ ...logged, status: 503, takes: 1, upstream: '-' });
