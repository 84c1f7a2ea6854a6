import { readPath } from '../../probes/json-path.ts';
import { type StepContext, StepFailed } from '../contract.ts';

/** Creates one document as a tenant and deletes exactly that one again. Returns how many were created: 0 where none is configured. */
export async function createAndDelete({ world, signal }: StepContext, tenant: string, token: string): Promise<number> {
  const { target, probes } = world.settings;
  const { creates } = probes.legacy;
  if (!creates) return 0;
  const common = {
    baseUrl: target.applicationUrl,
    headers: { [probes.tenantHeader]: tenant, authorization: `Bearer ${token}` },
    timeoutMs: probes.timeout,
  };
  const created = await world.ask({ ...common, path: creates.path, method: 'POST', body: creates.body }, signal);
  const [id] = created.answered ? readPath(created.body, `$.${creates.idField}`) : [];
  const isId = typeof id === 'string' || typeof id === 'number';
  if (!created.answered || !creates.expectStatus.includes(created.status) || !isId) {
    const seen = created.answered ? `status ${created.status}${isId ? '' : ' without an id'}` : created.why;
    throw new StepFailed('functional-test-failed', `${tenant}: POST ${creates.path}: ${seen}`, {
      remedy: `see whether a test document was left in ${creates.path} of ${tenant}, and delete it by hand`,
    });
  }
  const path = creates.delete.replace('{id}', () => encodeURIComponent(id));
  const deleted = await world.ask({ ...common, path, method: 'DELETE' }, signal);
  if (!deleted.answered || deleted.status >= 300) {
    throw new StepFailed('functional-test-failed', `${tenant}: the test document ${id} could not be deleted again`, {
      remedy: `delete ${id} of ${creates.path} by hand`,
    });
  }
  return 1;
}
