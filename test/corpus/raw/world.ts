/** Some requests of users and of rollbackd are answered badly, slowly or not at all. */
export interface Fault {
  /** Left out: all of them. */
  readonly share?: number;
  readonly tenants?: readonly string[];
  /** As a log is read: `POST /api/auth/login`. */
  readonly routes?: readonly string[];
  readonly status?: number;
  /** How many times slower than usual. */
  readonly times?: number;
  /** No answer before the client or the balancer gives up. */
  readonly hangs?: boolean;
}

/** Documents of one tenant in the answers to another. */
export interface Leak {
  readonly as: string;
  readonly of: string;
  readonly route: 'menu' | 'orders' | 'tables';
  readonly on: 'list' | 'one';
  /** Only every n-th answer to that tenant: one of several workers. */
  readonly oneIn?: number;
  /** Only so many answers, and then never again. */
  readonly times?: number;
  /** The application is clean; the balancer keeps its answer for everybody. */
  readonly from?: 'application' | 'cache of the balancer';
  readonly documents?: number;
  /** How the application writes one document: bare, under `id` instead of `_id`, or wrapped up. */
  readonly shape?: 'bare' | 'id' | 'wrapped';
}

export type HealthAnswer = 'well' | 'nothing' | 'login page' | 'index page' | 200 | 401 | 404 | 429 | 500 | 502 | 503;

/** What is so at one moment, whether the daemon sees it or not. */
export interface World {
  /** Requests of users a minute. */
  readonly perMinute: number;
  /** Share of them that comes from so many small tenants, evenly. */
  readonly smallTenants: { readonly count: number; readonly share: number };
  /** One tenant's own heavy traffic beside that: an import, a load test. */
  readonly importing: { readonly tenant: string; readonly perMinute: number; readonly failing: number } | undefined;
  /** Requests of bots a minute, for what there is not. */
  readonly bots: number;
  /** Searches a minute that the browser cancels with the next letter. */
  readonly typedAhead: number;
  /** After which users give up, ms. */
  readonly patience: number;
  /** `gone`: no process, no port; `hanging`: both are there, no answer; `starting`: the process is there, no port; `failing`: answers 503 to everything. */
  readonly application: 'up' | 'gone' | 'starting' | 'hanging' | 'failing';
  /** Of four. */
  readonly workersGone: number;
  /** What the question for health gets, apart from everything else: on the port and through the balancer. */
  readonly health: HealthAnswer;
  readonly healthThroughBalancer: HealthAnswer;
  /** `page`: a person has put up a page of its own, status 503, and nothing goes through. */
  readonly balancer: 'up' | 'down' | 'page';
  /** rollbackd alone does not trust the balancer's certificate. */
  readonly certificate: 'trusted' | 'not trusted';
  /** What the application says of its database when asked for its health. */
  readonly databaseConnected: boolean;
  readonly mongod: 'up' | 'down' | 'login refused' | 'barred to rollbackd' | 'read-only';
  /** The legacy databases lie on the same server, or on one of their own, which is well. */
  readonly legacyServer: 'same' | 'its own';
  readonly faults: readonly Fault[];
  readonly leaks: readonly Leak[];
  /** Answered as an empty list to everybody. */
  readonly empty: readonly ('menu' | 'orders' | 'tables')[];
  /** What the application calls the id of a document, which the database calls `_id`. */
  readonly idIsCalled: '_id' | 'id';
  /** The list routes want a login from everybody: rollbackd sees nothing there. */
  readonly listsWantLogin: boolean;
  /** Nothing can be told from the answers of this shape. */
  readonly listsUnreadable: boolean;
  readonly log: 'written' | 'gone' | 'garbled' | 'silent';
  readonly processTable: 'seen' | 'unseen';
  readonly observer: 'well' | 'without network' | 'held up';
  readonly missingTenants: { readonly from: 'unified tenants' | 'legacy databases'; readonly slugs: readonly string[] };
}

export const wellWorld: World = {
  perMinute: 60,
  smallTenants: { count: 0, share: 0 },
  importing: undefined,
  bots: 1,
  typedAhead: 0,
  patience: 60_000,
  application: 'up',
  workersGone: 0,
  health: 'well',
  healthThroughBalancer: 'well',
  balancer: 'up',
  certificate: 'trusted',
  databaseConnected: true,
  mongod: 'up',
  legacyServer: 'same',
  faults: [],
  leaks: [],
  empty: [],
  idIsCalled: '_id',
  listsWantLogin: false,
  listsUnreadable: false,
  log: 'written',
  processTable: 'seen',
  observer: 'well',
  missingTenants: { from: 'unified tenants', slugs: [] },
};

/** What another version of the application does not change. */
const surroundings: readonly (keyof World)[] = [
  'perMinute',
  'smallTenants',
  'importing',
  'bots',
  'typedAhead',
  'patience',
  'balancer',
  'certificate',
  'mongod',
  'legacyServer',
  'log',
  'processTable',
  'observer',
];

export interface Period {
  readonly from: number;
  readonly to: number;
  /** Within it, for so long and then not for so long, from its begin on. */
  readonly rhythm: { readonly on: number; readonly off: number } | undefined;
  readonly change: Partial<World>;
}

const isOn = ({ from, to, rhythm }: Period, at: number): boolean =>
  at >= from && at < to && (rhythm === undefined || (at - from) % (rhythm.on + rhythm.off) < rhythm.on);

/** Later lines of a story win; faults and leaks add up. */
export function worldAt(base: World, periods: readonly Period[], at: number, version: 'unified' | 'legacy'): World {
  const changes = periods.filter((period) => isOn(period, at)).map(({ change }) => change);
  const kept = version === 'unified' ? changes : changes.map(onlySurroundings);
  const changed: World = Object.assign({ ...base }, ...kept);
  return {
    ...changed,
    faults: [...base.faults, ...kept.flatMap(({ faults = [] }) => faults)],
    leaks: [...base.leaks, ...kept.flatMap(({ leaks = [] }) => leaks)],
  };
}

const onlySurroundings = (change: Partial<World>): Partial<World> =>
  Object.fromEntries(Object.entries(change).filter(([key]) => surroundings.some((name) => name === key)));
