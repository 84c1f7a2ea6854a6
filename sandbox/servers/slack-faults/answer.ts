import type { ServerResponse } from 'node:http';
import type { SlackRequest } from './arguments.ts';
import type { SlackFault } from './fault.ts';
import type { MetadataMemory } from './metadata.ts';

export interface Upstream {
  readonly url: URL;
  readonly ownUrl: () => string;
  readonly memory: MetadataMemory;
  readonly groups: ReadonlyMap<string, readonly string[]>;
}

interface Exchange {
  readonly read: SlackRequest;
  readonly response: ServerResponse;
  readonly upstream: Upstream;
  readonly hanging: Set<ServerResponse>;
}

export async function goWrong(fault: SlackFault, { read, response, upstream, hanging }: Exchange): Promise<void> {
  const json = { 'content-type': 'application/json' };
  switch (fault.kind) {
    case 'rate-limited':
      response.writeHead(429, { ...json, 'retry-after': String(fault.retryAfterSeconds) });
      response.end(JSON.stringify({ ok: false, error: 'ratelimited' }));
      return;
    case 'broken':
      response.writeHead(fault.status, { 'content-type': 'text/html' }).end('Server Error');
      return;
    case 'refused':
      response.writeHead(200, json).end(JSON.stringify({ ok: false, error: fault.error }));
      return;
    case 'hangs':
      hanging.add(response);
      response.once('close', () => hanging.delete(response));
      return;
    case 'reply-lost':
      await answerOf(read, upstream);
      response.destroy();
      return;
    default:
      fault satisfies never;
  }
}

export async function answerOf(read: SlackRequest, { url, ownUrl, memory, groups }: Upstream): Promise<object> {
  if (read.method === 'usergroups.users.list') return usersOf(groups.get(String(read.arguments.usergroup)));
  const { path, headers, body } = read;
  const answered = await fetch(new URL(path, url), { method: 'POST', headers, body });
  const answer = (await answered.json()) as { readonly ok?: boolean; readonly url?: string };
  if (read.method === 'apps.connections.open' && answer.url !== undefined) {
    // The socket leads through here too, so that it can be cut.
    const { pathname, search } = new URL(answer.url);
    return { ...answer, url: `${ownUrl().replace(/^http/, 'ws')}${pathname}${search}` };
  }
  return memory.complete(read.method, read.arguments, answer);
}

const usersOf = (users: readonly string[] | undefined): object =>
  users === undefined ? { ok: false, error: 'no_such_subteam' } : { ok: true, users };
