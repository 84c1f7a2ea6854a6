import type { Sandbox } from '../../../sandbox/sandbox.ts';

export interface Reply {
  readonly status: number;
  readonly body: unknown;
}

export interface Item {
  readonly _id: string;
  readonly id: string;
  readonly tenantId?: string;
}

interface Request {
  readonly method?: string;
  readonly token?: string;
  readonly json?: object;
  readonly timeoutMs?: number;
}

/** One request as a tenant through the balancer; status 0: no answer in time. */
export async function request(
  base: string,
  slug: string | undefined,
  path: string,
  options: Request = {},
): Promise<Reply> {
  const headers: Record<string, string> = { connection: 'close' };
  if (slug !== undefined) headers['x-tenant-slug'] = slug;
  if (options.token !== undefined) headers.authorization = `Bearer ${options.token}`;
  if (options.json !== undefined) headers['content-type'] = 'application/json';
  const init: RequestInit = {
    method: options.method ?? 'GET',
    headers,
    signal: AbortSignal.timeout(options.timeoutMs ?? 5_000),
  };
  if (options.json !== undefined) init.body = JSON.stringify(options.json);
  try {
    const response = await fetch(`${base}${path}`, init);
    const text = await response.text();
    return { status: response.status, body: parse(text) };
  } catch {
    return { status: 0, body: undefined };
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

export async function menuOf({ publicUrl }: Sandbox, slug: string): Promise<readonly Item[]> {
  const { body } = await request(publicUrl, slug, '/api/menu');
  return Array.isArray(body) ? (body as Item[]) : [];
}

/** How the tenant's admin logs in. */
export function loginOf({ tenants }: Sandbox, slug: string): { email: string; password: string } {
  const { adminEmail = '', adminPassword = '' } = tenants.find((one) => one.slug === slug) ?? {};
  return { email: adminEmail, password: adminPassword };
}

export async function login(sandbox: Sandbox, slug: string): Promise<string> {
  const json = { ...loginOf(sandbox, slug), tenant: slug };
  const { body } = await request(sandbox.publicUrl, undefined, '/api/auth/login', { method: 'POST', json });
  return (body as { token?: string }).token ?? '';
}

export const setFault = (sandbox: Sandbox, name: string): Promise<Reply> =>
  request(sandbox.controlUrl, undefined, '/fault', { method: 'POST', json: { name } });
