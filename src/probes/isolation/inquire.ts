import type { DocumentOwnership, Owners } from '../../adapters/mongo/ownership.ts';
import type { Clock } from '../../core/clock.ts';
import type { ForeignDocument, IsolationValues, Observation } from '../../model/observation.ts';
import type { Ask, Reply } from '../ask.ts';
import type { ProbesConfig, TargetConfig } from '../schema.ts';
import { whyBlind } from '../synthetic.ts';
import { type Inquiry, say } from './inquiry.ts';
import { type Held, readList, readOne } from './read-answer.ts';

export interface Asking {
  readonly target: TargetConfig;
  readonly probes: ProbesConfig;
  /** Whose documents the version that is asked has. */
  readonly ownership: DocumentOwnership;
  readonly ask: Ask;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** Asks once, and looks up whose documents came back. */
export async function inquire(asking: Asking, inquiry: Inquiry): Promise<Observation> {
  const { clock, signal } = asking;
  const at = clock.now();
  const started = clock.monotonic();
  const head = () => ({ probe: 'isolation' as const, at, tookMs: clock.monotonic() - started });
  const blind = (why: string) => ({ ...head(), status: 'unobserved' as const, reason: `${say(inquiry)}: ${why}` });
  try {
    const seen = await answerTo(asking, inquiry);
    if (typeof seen === 'string') return blind(seen);
    const { tenant, route, ask, via } = inquiry;
    const asked = { tenant, route: route.name, ask, ...(via && { via }), trusted: route.trusted };
    return { ...head(), status: 'observed', values: { ...asked, ...seen } };
  } catch (error) {
    signal.throwIfAborted();
    return blind(error instanceof Error ? error.message : String(error));
  }
}

type Seen = Pick<IsolationValues, 'checked' | 'documents' | 'foreign'>;

/** Nothing was handed out where something would have been a leak. */
const withheld: Seen = { checked: 1, documents: 0, foreign: [] };

/** What the answer proves; a text where it proves nothing. */
async function answerTo(asking: Asking, inquiry: Inquiry): Promise<Seen | string> {
  const { ownership, signal } = asking;
  const { route, tenant, ask } = inquiry;
  if (ask !== 'foreign-id') {
    const reply = await askRoute(asking, inquiry, route.list);
    const refused = ask === 'no-tenant' && reply.answered && route.refusesWithoutTenant?.includes(reply.status);
    return refused ? withheld : listed(asking, inquiry, reply);
  }
  const id = await ownership.foreignId(route, tenant, signal);
  if (id === undefined) return 'no other tenant has a document there';
  const path = (route.one ?? '').replace('{id}', encodeURIComponent(id));
  return foreignOne(asking, inquiry, { id, reply: await askRoute(asking, inquiry, path) });
}

function askRoute({ ask, target, probes, signal }: Asking, { tenant, route, via }: Inquiry, path: string) {
  const baseUrl = via === 'balancer' ? target.publicUrl : target.applicationUrl;
  const headers = { ...route.headers, ...(tenant !== '' && { [probes.tenantHeader]: tenant }) };
  return ask({ baseUrl, path, headers, timeoutMs: probes.timeout }, signal);
}

async function listed(asking: Asking, inquiry: Inquiry, reply: Reply): Promise<Seen | string> {
  const body = bodyOf(reply, inquiry);
  return 'why' in body ? body.why : lookUp(asking, inquiry, readList(body.body, inquiry.route));
}

/** What says "not yours" or "not here". Any other refusal, such as 401, was about the question and proves nothing. */
const withholding = [403, 404, 410];

/** Another tenant's document asked for by its id: handed out is a leak, withheld is a clean look. */
async function foreignOne(
  asking: Asking,
  inquiry: Inquiry,
  { id, reply }: { id: string; reply: Reply },
): Promise<Seen | string> {
  if (reply.answered && withholding.includes(reply.status)) return withheld;
  const body = bodyOf(reply, inquiry);
  if ('why' in body) return body.why;
  const held = readOne(body.body, id, inquiry.route);
  return typeof held !== 'string' && held.documents === 0 ? withheld : lookUp(asking, inquiry, held);
}

function bodyOf(reply: Reply, { via }: Inquiry): { body: unknown } | { why: string } {
  const blind = via === 'balancer' ? whyBlind(reply) : undefined;
  if (blind !== undefined) return { why: blind };
  if (!reply.answered) return { why: reply.why };
  if (reply.status < 200 || reply.status >= 300) return { why: `status ${reply.status}` };
  return { body: reply.status === noContent ? null : reply.body };
}

const noContent = 204;

/** Foreign only where the owners are known and do not contain the asker. */
async function lookUp({ ownership, signal }: Asking, { route, tenant }: Inquiry, held: Held): Promise<Seen | string> {
  if (typeof held === 'string') return held;
  const { documents, ids } = held;
  if (ids.length === 0) return { checked: 0, documents, foreign: [] };
  const owners = await ownership.ownersOf(route, ids, signal, tenant);
  const foreign: ForeignDocument[] = [...owners].flatMap(([id, whose]) =>
    isForeign(whose, tenant) ? [{ id, owners: [...whose] }] : [],
  );
  return { checked: owners.size, documents, foreign };
}

const isForeign = (owners: Owners, tenant: string): owners is readonly string[] =>
  owners !== 'everyone' && !owners.includes(tenant);
