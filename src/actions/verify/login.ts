import { readPath } from '../../probes/json-path.ts';
import type { TargetConfig } from '../../probes/schema.ts';
import { type StepContext, StepFailed } from '../contract.ts';

type Login = { readonly outcome: 'in'; readonly token: string } | { readonly outcome: 'limited' };

/** 429 is the application protecting itself: inconclusive, not an outage. */
export async function logIn({ world, signal }: StepContext, tenant: TargetConfig['tenants'][number]): Promise<Login> {
  const { target, probes } = world.settings;
  const { login } = probes.legacy;
  if (!login || !tenant.login) throw new StepFailed('refused', `no login is configured for ${tenant.slug}`);
  const values: Record<string, string> = {
    email: tenant.login.email,
    password: tenant.login.password.reveal(),
    tenant: tenant.slug,
  };
  const body = Object.fromEntries(
    Object.entries(login.body).map(([key, text]) => [
      key,
      text.replace(/\{(\w+)\}/g, (all, name) => values[name] ?? all),
    ]),
  );
  const headers = { [probes.tenantHeader]: tenant.slug };
  const question = {
    baseUrl: target.applicationUrl,
    path: login.path,
    method: 'POST',
    headers,
    body,
    timeoutMs: probes.timeout,
  } as const;
  const reply = await world.ask(question, signal);
  if (reply.answered && reply.status === 429) return { outcome: 'limited' };
  const [token] = reply.answered ? readPath(reply.body, login.tokenPath) : [];
  if (typeof token === 'string') return { outcome: 'in', token };
  const seen = reply.answered ? `status ${reply.status} without a token` : reply.why;
  throw new StepFailed('functional-test-failed', `${tenant.slug}: login: ${seen}`);
}
