import type { WritesLost } from '../../src/rules/guards/facts.ts';

export interface Leak {
  /** The asker, and the tenant whose documents it gets. */
  readonly as: string;
  readonly of: string;
  readonly route: 'menu' | 'orders' | 'reports' | 'archive';
  readonly documents?: number;
  /** Only every n-th answer leaks: one worker of several. */
  readonly every?: number;
}

/** What is so, whether the daemon sees it or not. `orders` and `menu` are trusted, `reports` is not, `archive` leaked before. */
export interface World {
  /**
   * `gone`: no process; `hanging`: process and port are there, no answer; `sick`: answers 503; `deaf`: only our own question
   * fails; `moved`: its health is elsewhere since a hotfix; `mistaken`: its health says 503, and it serves.
   */
  readonly application: 'up' | 'gone' | 'hanging' | 'sick' | 'deaf' | 'moved' | 'mistaken';
  /** `index`: answers for the application with a page of its own; `gone`: nobody listens there. */
  readonly balancer: 'up' | 'down' | 'index' | 'gone';
  /**
   * The application and the observer ask the same server, unless the legacy databases have one of their own. `barred`: an
   * access list keeps the observer out of it, and nobody else; `retired`: switched off, since only the unified application needed it.
   */
  readonly mongod: 'up' | 'down' | 'refuses-login' | 'barred' | 'retired';
  readonly legacyServer: 'same' | 'own' | 'read-only';
  readonly leaks: readonly Leak[];
  /** Answers hold documents whose owners are known. */
  readonly ownersKnown: boolean;
  /** Real requests a minute. */
  readonly requests: number;
  /** Share of requests that fail, for everybody or for one tenant alone. */
  readonly failing: number;
  readonly failingFor: string | undefined;
  /** rollbackd's own requests fail like the others; else only what users alone ask for does. */
  readonly ownFail: boolean;
  /** Users whose requests are not answered: their connections stay open. */
  readonly waiting: number;
  /** So many small tenants share the requests, instead of the three. */
  readonly longTail: number;
  /** How many times slower than usual, everything or one route alone. */
  readonly slowness: number;
  readonly slowRoute: 'GET /api/menu' | 'GET /api/orders' | 'GET /api/reports' | undefined;
  /** Of which routes somebody knows how fast they were on the legacy system. */
  readonly baselineOf: 'all' | 'reports' | 'none';
  /** What the application says of its own connections. */
  readonly database: 'connected' | 'disconnected';
  readonly blind: readonly ('network' | 'health' | 'isolation' | 'mongo' | 'requests' | 'synthetic')[];
  readonly writesLost: Omit<WritesLost, 'perTenant'> | 'uncountable';
  readonly backup: 'pinned' | 'changed' | 'after-cutover' | 'missing';
  readonly legacyDatabase: 'equal' | 'absent' | 'different-replace' | 'different-ask' | 'unknown';
  readonly lease: 'ours' | 'other' | 'unknown';
  readonly plan: string | 'none';
  readonly containment: 'automatic' | 'ask';
  readonly configHash: string;
  readonly cooldownMs: number;
  /** From the beginning of the story. */
  readonly cutoverAt: number;
  /** How the next run ends: it may fail after users were let in. */
  readonly runs: 'succeed' | 'fail' | 'fail-late';
}

/** The application gets at its data. */
export const servesData = ({ mongod }: World): boolean => mongod !== 'down' && mongod !== 'refuses-login';

export const wellWorld: World = {
  application: 'up',
  balancer: 'up',
  mongod: 'up',
  legacyServer: 'same',
  leaks: [],
  ownersKnown: true,
  requests: 6_000,
  failing: 0,
  failingFor: undefined,
  ownFail: true,
  waiting: 0,
  longTail: 0,
  slowness: 1,
  slowRoute: undefined,
  baselineOf: 'all',
  database: 'connected',
  blind: [],
  writesLost: { inserts: 12, updates: 3, deletes: 0 },
  backup: 'pinned',
  legacyDatabase: 'equal',
  lease: 'ours',
  plan: 'plan-1',
  containment: 'automatic',
  configHash: 'config-1',
  cooldownMs: 24 * 3_600_000,
  cutoverAt: -3_600_000,
  runs: 'succeed',
};
