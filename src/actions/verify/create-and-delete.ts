import { readPath } from '../../probes/json-path.ts';
import { type StepContext, StepFailed } from '../contract.ts';
import { logIn } from './login.ts';
import { findCreated, findMentions, markedText } from './marked-documents.ts';
import {
  forgetTestDocument,
  newMark,
  openTestDocuments,
  rememberTestDocument,
  type TestDocument,
} from './test-documents.ts';

/** Creates one document as a tenant and deletes exactly that one again. Returns how many were created: 0 where none is configured. */
export async function createAndDelete(context: StepContext, tenant: string, token: string): Promise<number> {
  const { world, signal } = context;
  const { creates } = world.settings.probes.legacy;
  if (!creates) return 0;
  const document = { tenant, mark: newMark() };
  // Before it exists: whoever is killed before the answer finds it by its mark.
  await rememberTestDocument(context, document);
  const body = { ...creates.body, [creates.markIn]: markedText(creates, document) };
  const question = { ...askedAs(context, tenant, token), path: creates.path, method: 'POST' as const, body };
  const created = await world.ask(question, signal);
  const [id] = created.answered ? readPath(created.body, `$.${creates.idField}`) : [];
  const isId = typeof id === 'string' || typeof id === 'number';
  if (!created.answered || !creates.expectStatus.includes(created.status) || !isId) {
    const seen = created.answered ? `status ${created.status}${isId ? '' : ' without an id'}` : created.why;
    throw new StepFailed('functional-test-failed', `${tenant}: POST ${creates.path}: ${seen}`, {
      remedy: `resume the run when it is mended: what may have been created is looked for by its mark ${document.mark}`,
    });
  }
  // Only now: an id in a refusal may be that of a customer's own document.
  await rememberTestDocument(context, { ...document, id });
  if ((await deleteAgain(context, { tenant, id }, token)) === 'not-found') throw notDeleted(context, { tenant, id });
  await forgetTestDocument(context, document);
  return 1;
}

/**
 * What an earlier attempt created and, killed in the middle, did not delete: it lies in a customer's database.
 * Returns what could not be settled, each in words.
 */
export async function deleteLeftovers(context: StepContext): Promise<string[]> {
  const unsettled: string[] = [];
  const tokens = new Map<string, string>();
  for (const document of await openTestDocuments(context)) {
    const { tenant } = document;
    const known = document.id === undefined ? await lookFor(context, document) : { id: document.id };
    if ('unsettled' in known) {
      unsettled.push(known.unsettled);
      continue;
    }
    if (known.id !== undefined) {
      const token = tokens.get(tenant) ?? (await freshLogin(context, tenant));
      tokens.set(tenant, token);
      const { id } = known;
      const outcome = await deleteAgain(context, { tenant, id }, token);
      // What the application itself had named may be gone by now; what was just seen in the database is somebody else's to it.
      if (outcome === 'not-found' && document.id === undefined) {
        unsettled.push(`${tenant}: ${document.mark} stands in ${id}, which cannot be deleted as ${tenant}`);
        continue;
      }
    }
    await forgetTestDocument(context, document);
  }
  return unsettled;
}

/** The id of the one document that carries the mark; none where nothing does; words where it is not certain which. */
async function lookFor(
  context: StepContext,
  document: TestDocument,
): Promise<{ id: string | undefined } | { unsettled: string }> {
  const { tenant, mark } = document;
  try {
    const created = await findCreated(context, document);
    const found = created.length > 0 ? created : await findMentions(context, document);
    if (created.length === 1 || found.length === 0) return { id: created[0]?.id };
    const places = found.map(({ collection, id }) => `${collection} ${id}`).join(', ');
    return { unsettled: `${tenant}: ${mark} stands in ${places}` };
  } catch {
    context.signal.throwIfAborted();
    return { unsettled: `${tenant}: ${mark} could not be looked for` };
  }
}

async function freshLogin(context: StepContext, slug: string): Promise<string> {
  const tenant = context.world.settings.target.tenants.find((each) => each.slug === slug);
  const login = tenant && (await logIn(context, tenant));
  if (login?.outcome === 'in') return login.token;
  throw new StepFailed('functional-test-failed', `${slug}: a test document is left, and no login is to be had`, {
    remedy: 'wait until logins are allowed again, then resume the run',
  });
}

interface Created {
  readonly tenant: string;
  readonly id: string | number;
}

async function deleteAgain(
  context: StepContext,
  { tenant, id }: Created,
  token: string,
): Promise<'deleted' | 'not-found'> {
  const { creates } = context.world.settings.probes.legacy;
  const path = creates?.delete.replace('{id}', () => encodeURIComponent(id)) ?? '';
  const question = { ...askedAs(context, tenant, token), path, method: 'DELETE' as const };
  const deleted = await context.world.ask(question, context.signal);
  if (deleted.answered && deleted.status < 300) return 'deleted';
  if (deleted.answered && deleted.status === 404) return 'not-found';
  throw notDeleted(context, { tenant, id });
}

function notDeleted({ world }: StepContext, { tenant, id }: Created): StepFailed {
  return new StepFailed('functional-test-failed', `${tenant}: the test document ${id} could not be deleted again`, {
    remedy: `delete ${id} of ${world.settings.probes.legacy.creates?.path} by hand, then resume the run`,
  });
}

const askedAs = ({ world }: StepContext, tenant: string, token: string) => ({
  baseUrl: world.settings.target.applicationUrl,
  headers: { [world.settings.probes.tenantHeader]: tenant, authorization: `Bearer ${token}` },
  timeoutMs: world.settings.probes.timeout,
});
