import { readPath } from '../../probes/json-path.ts';
import { type StepContext, StepFailed } from '../contract.ts';
import { logIn } from './login.ts';
import { forgetTestDocument, openTestDocuments, rememberTestDocument, type TestDocument } from './test-documents.ts';

/** Creates one document as a tenant and deletes exactly that one again. Returns how many were created: 0 where none is configured. */
export async function createAndDelete(context: StepContext, tenant: string, token: string): Promise<number> {
  const { world, signal } = context;
  const { creates } = world.settings.probes.legacy;
  if (!creates) return 0;
  const { path, body } = creates;
  const created = await world.ask({ ...askedAs(context, tenant, token), path, method: 'POST', body }, signal);
  const [id] = created.answered ? readPath(created.body, `$.${creates.idField}`) : [];
  const isId = typeof id === 'string' || typeof id === 'number';
  if (!created.answered || !creates.expectStatus.includes(created.status) || !isId) {
    const seen = created.answered ? `status ${created.status}${isId ? '' : ' without an id'}` : created.why;
    throw new StepFailed('functional-test-failed', `${tenant}: POST ${creates.path}: ${seen}`, {
      remedy: `see whether a test document was left in ${creates.path} of ${tenant}, and delete it by hand`,
    });
  }
  // Only now: an id in a refusal may be that of a customer's own document.
  await rememberTestDocument(context, { tenant, id });
  await deleteAgain(context, { tenant, id }, token, false);
  return 1;
}

/** What an earlier attempt created and, killed in the middle, did not delete: it lies in a customer's database. */
export async function deleteLeftovers(context: StepContext): Promise<number> {
  const open = await openTestDocuments(context);
  for (const slug of new Set(open.map(({ tenant }) => tenant))) {
    const token = await freshLogin(context, slug);
    for (const document of open.filter(({ tenant }) => tenant === slug)) {
      await deleteAgain(context, document, token, true);
    }
  }
  return open.length;
}

async function freshLogin(context: StepContext, slug: string): Promise<string> {
  const tenant = context.world.settings.target.tenants.find((each) => each.slug === slug);
  const login = tenant && (await logIn(context, tenant));
  if (login?.outcome === 'in') return login.token;
  throw new StepFailed('functional-test-failed', `${slug}: a test document is left, and no login is to be had`, {
    remedy: 'wait until logins are allowed again, then resume the run',
  });
}

async function deleteAgain(
  context: StepContext,
  { tenant, id }: TestDocument,
  token: string,
  mayBeGone: boolean,
): Promise<void> {
  const { creates } = context.world.settings.probes.legacy;
  if (!creates) return;
  const path = creates.delete.replace('{id}', () => encodeURIComponent(id));
  const question = { ...askedAs(context, tenant, token), path, method: 'DELETE' as const };
  const deleted = await context.world.ask(question, context.signal);
  const isGone = deleted.answered && (deleted.status < 300 || (mayBeGone && deleted.status === 404));
  if (!isGone) {
    throw new StepFailed('functional-test-failed', `${tenant}: the test document ${id} could not be deleted again`, {
      remedy: `delete ${id} of ${creates.path} by hand`,
    });
  }
  await forgetTestDocument(context, { tenant, id });
}

const askedAs = ({ world }: StepContext, tenant: string, token: string) => ({
  baseUrl: world.settings.target.applicationUrl,
  headers: { [world.settings.probes.tenantHeader]: tenant, authorization: `Bearer ${token}` },
  timeoutMs: world.settings.probes.timeout,
});
