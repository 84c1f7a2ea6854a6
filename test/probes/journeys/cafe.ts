import type { IncomingMessage } from 'node:http';
import { json } from 'node:stream/consumers';
import { serve } from '../server.ts';

interface Asked {
  /** `POST /api/menu` */
  readonly what: string;
  readonly tenant: string;
  readonly agent: string | undefined;
  readonly token: string | undefined;
  readonly body: Readonly<Record<string, unknown>> | undefined;
}

interface Answer {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Answered instead of what the café would say; `hang` never does. */
export type Fault = (asked: Asked) => Answer | 'hang' | undefined;

/** A café on a port of its own: a menu for each tenant, changed by those who have logged in. */
export async function openCafe(fault: Fault = () => undefined) {
  const asked: Asked[] = [];
  const menus = new Map<string, Map<string, unknown>>();
  const tokens = new Set<string>();
  const state = { fault, asked, tokens };
  const menuOf = (tenant: string) => menus.get(tenant) ?? menus.set(tenant, new Map([['1', { _id: '1' }]])).get(tenant);
  const server = await serve(async (request, response) => {
    const question = await read(request);
    asked.push(question);
    const answer = state.fault(question) ?? ordinary(question);
    if (answer === 'hang') return;
    response.writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers });
    response.end(JSON.stringify(answer.body ?? {}));
  });

  function ordinary({ what, tenant, token, body }: Asked): Answer {
    const menu = menuOf(tenant) ?? new Map();
    const [method, path = ''] = what.split(' ');
    const id = /^\/api\/menu\/(.+)$/.exec(path)?.[1] ?? '';
    if (what === 'POST /api/auth/login') return logIn(body);
    if (what === 'GET /api/menu') return { status: 200, body: { data: [...menu.values()] } };
    if (method === 'GET') return menu.has(id) ? { status: 200, body: menu.get(id) } : { status: 404 };
    if (!token || !tokens.has(token)) return { status: 401 };
    if (method === 'DELETE') return { status: menu.delete(id) ? 200 : 404 };
    const created = { ...body, _id: `item/${menu.size + 1}` };
    menu.set(encodeURIComponent(created._id), created);
    return { status: 201, body: created };
  }

  function logIn(body: Asked['body']): Answer {
    if (body?.password !== `secret of ${body?.tenant}`) return { status: 401 };
    const token = `token-${tokens.size + 1}`;
    tokens.add(token);
    return { status: 200, body: { token } };
  }

  return Object.assign(state, {
    url: server.url,
    /** As method and path, of rollbackd's own. */
    whats: () => asked.map(({ what }) => what),
    menuOf: (tenant: string) => [...(menuOf(tenant)?.values() ?? [])],
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  });
}

async function read(request: IncomingMessage): Promise<Asked> {
  const { method, url, headers } = request;
  const hasBody = headers['content-length'] !== undefined && headers['content-length'] !== '0';
  return {
    what: `${method} ${url}`,
    tenant: String(headers['x-tenant-slug']),
    agent: headers['user-agent'],
    token: headers.authorization?.replace('Bearer ', ''),
    body: hasBody ? ((await json(request)) as Asked['body']) : undefined,
  };
}
