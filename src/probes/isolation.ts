import type { DocumentOwnership, Owners } from '../adapters/mongo/ownership.ts';
import type { Clock } from '../core/clock.ts';
import type { ForeignDocument, IsolationValues, Observation } from '../model/observation.ts';
import type { Ask, Reply } from './ask.ts';
import { atMostAtOnce } from './at-most-at-once.ts';
import type { Probe } from './contract.ts';
import { readPath } from './json-path.ts';
import type { ProbeSet, ProbesConfig, RouteConfig, TargetConfig } from './schema.ts';

export interface IsolationVersion {
  readonly probeSet: ProbeSet;
  readonly ownership: DocumentOwnership;
  /** Tenants that this version serves, besides those of the configuration. */
  readonly knownTenants: (signal: AbortSignal) => Promise<readonly string[]>;
}

export interface IsolationDependencies {
  readonly target: TargetConfig;
  readonly probes: ProbesConfig;
  /** The version that is expected to run now, and who owns what in its database. */
  readonly version: () => IsolationVersion;
  readonly ask: Ask;
  readonly clock: Clock;
}

/** One question of one look: as whom, on which route, and in which of the three ways. */
interface Inquiry {
  readonly tenant: string;
  readonly route: RouteConfig;
  readonly ask: IsolationValues['ask'];
}

/**
 * Asks as each tenant and looks up whose documents came back. Through the application's own port: a cache or a
 * maintenance page in front of it would answer for it.
 */
export function isolationProbe(dependencies: IsolationDependencies): Probe {
  const { probes, target } = dependencies;
  return {
    name: 'isolation',
    everyMs: probes.isolationEvery,
    async look(signal) {
      // Once a look: answers of one version mean nothing to the database of the other.
      const { probeSet, ownership, knownTenants } = dependencies.version();
      const configured = target.tenants.map(({ slug }) => slug);
      const tenants = [...new Set([...configured, ...(await knownTenants(signal))])];
      const inquiries = probeSet.routes.flatMap((route) => inquiriesOf(route, tenants));
      return atMostAtOnce(inquiries, probes.concurrency, (inquiry) =>
        inquire({ ...dependencies, ownership }, inquiry, signal),
      );
    },
  };
}

function inquiriesOf(route: RouteConfig, tenants: readonly string[]): Inquiry[] {
  const asTenant = tenants.flatMap((tenant): Inquiry[] => [
    { tenant, route, ask: 'own-list' },
    ...(route.one === undefined ? [] : [{ tenant, route, ask: 'foreign-id' as const }]),
  ]);
  const asNobody: Inquiry[] = route.refusesWithoutTenant === undefined ? [] : [{ tenant: '', route, ask: 'no-tenant' }];
  return [...asTenant, ...asNobody];
}

interface Looking extends IsolationDependencies {
  readonly ownership: DocumentOwnership;
}

async function inquire(dependencies: Looking, inquiry: Inquiry, signal: AbortSignal): Promise<Observation> {
  const { clock } = dependencies;
  const at = clock.now();
  const started = clock.monotonic();
  const head = () => ({ probe: 'isolation' as const, at, tookMs: clock.monotonic() - started });
  try {
    const seen = await answerTo(dependencies, inquiry, signal);
    if (typeof seen === 'string') return { ...head(), status: 'unobserved', reason: `${say(inquiry)}: ${seen}` };
    const { tenant, route, ask } = inquiry;
    const values: IsolationValues = { tenant, route: route.name, ask, trusted: route.trusted, ...seen };
    return { ...head(), status: 'observed', values };
  } catch (error) {
    signal.throwIfAborted();
    const reason = error instanceof Error ? error.message : String(error);
    return { ...head(), status: 'unobserved', reason: `${say(inquiry)}: ${reason}` };
  }
}

const say = ({ tenant, route, ask }: Inquiry): string => `${ask} of ${route.name} as ${tenant || 'nobody'}`;

type Seen = Pick<IsolationValues, 'checked' | 'foreign'>;

/** What the answer proves; a text where it proves nothing. */
async function answerTo(dependencies: Looking, inquiry: Inquiry, signal: AbortSignal): Promise<Seen | string> {
  const { ownership } = dependencies;
  const { route, tenant, ask } = inquiry;
  if (ask !== 'foreign-id') {
    const reply = await askRoute(dependencies, inquiry, route.list, signal);
    return ask === 'own-list'
      ? ownList(inquiry, reply, ownership, signal)
      : noTenant(inquiry, reply, ownership, signal);
  }
  const id = await ownership.foreignId(route, tenant, signal);
  if (id === undefined) return 'no other tenant has a document there';
  const reply = await askRoute(
    dependencies,
    inquiry,
    (route.one ?? '').replace('{id}', encodeURIComponent(id)),
    signal,
  );
  return foreignId(inquiry, id, reply, ownership, signal);
}

function askRoute(
  { ask, target, probes }: IsolationDependencies,
  { tenant, route }: Inquiry,
  path: string,
  signal: AbortSignal,
): Promise<Reply> {
  const headers = { ...route.headers, ...(tenant !== '' && { [probes.tenantHeader]: tenant }) };
  return ask({ baseUrl: target.applicationUrl, path, headers, timeoutMs: probes.timeout }, signal);
}

async function ownList(
  inquiry: Inquiry,
  reply: Reply,
  ownership: DocumentOwnership,
  signal: AbortSignal,
): Promise<Seen | string> {
  if (!reply.answered) return reply.why;
  if (reply.status !== 200) return `status ${reply.status}`;
  return lookUp(inquiry, idsIn(reply.body, inquiry.route), ownership, signal);
}

/** Without a tenant nothing may be handed out; what is refused is a clean look. */
async function noTenant(
  inquiry: Inquiry,
  reply: Reply,
  ownership: DocumentOwnership,
  signal: AbortSignal,
): Promise<Seen | string> {
  const refused = reply.answered && inquiry.route.refusesWithoutTenant?.includes(reply.status);
  return refused ? { checked: 1, foreign: [] } : ownList(inquiry, reply, ownership, signal);
}

/** What says "not yours" or "not here". Any other refusal, such as 401, was about the question and proves nothing. */
const withheld = [403, 404, 410];

/** Another tenant's document asked for by its id: handed out is a leak, withheld is a clean look. */
async function foreignId(
  inquiry: Inquiry,
  id: string,
  reply: Reply,
  ownership: DocumentOwnership,
  signal: AbortSignal,
): Promise<Seen | string> {
  if (!reply.answered) return reply.why;
  if (withheld.includes(reply.status)) return { checked: 1, foreign: [] };
  if (reply.status >= 300) return `status ${reply.status}`;
  const handedOut = idsOfOne(reply.body, inquiry.route).includes(id);
  return handedOut ? lookUp(inquiry, [id], ownership, signal) : { checked: 1, foreign: [] };
}

/** One document stands bare in its answer, or where the list would stand: `$.data` for `$.data[*]`. */
function idsOfOne(body: unknown, { documents, idField }: RouteConfig): string[] {
  const places = ['$', documents, documents.replace(/\[\*\]$/, '')];
  return places.flatMap((place) => readPath(body, `${place}.${idField}`)).map(String);
}

function idsIn(body: unknown, { documents, idField }: RouteConfig): string[] {
  return readPath(body, documents)
    .flatMap((document) => readPath(document, `$.${idField}`))
    .map(String);
}

/** Foreign only where the owners are known and do not contain the asker. */
async function lookUp(
  { route, tenant }: Inquiry,
  ids: string[],
  ownership: DocumentOwnership,
  signal: AbortSignal,
): Promise<Seen> {
  if (ids.length === 0) return { checked: 0, foreign: [] };
  const owners = await ownership.ownersOf(route, ids, signal, tenant);
  const foreign: ForeignDocument[] = [...owners].flatMap(([id, whose]) =>
    isForeign(whose, tenant) ? [{ id, owners: [...whose] }] : [],
  );
  return { checked: owners.size, foreign };
}

const isForeign = (owners: Owners, tenant: string): owners is readonly string[] =>
  owners !== 'everyone' && !owners.includes(tenant);
