import type { IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';

export interface SlackRequest {
  readonly method: string;
  /** To be passed on as they came. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly arguments: Readonly<Record<string, unknown>>;
}

/** The SDK sends forms, with JSON in the fields that are no texts; others send JSON. The token is left out of the arguments. */
export async function readSlackRequest(request: IncomingMessage): Promise<SlackRequest> {
  const path = request.url ?? '/';
  const { 'content-type': type = 'application/x-www-form-urlencoded', authorization = '' } = request.headers;
  const body = await text(request);
  const { pathname, search } = new URL(path, 'http://localhost');
  const sent = type.includes('application/json') ? fromJson(body) : fromForm(body);
  const { token: _, ...rest } = { ...fromForm(search), ...sent };
  const headers = { 'content-type': type, authorization };
  return { method: pathname.split('/').at(-1) ?? '', path, headers, body, arguments: rest };
}

function fromForm(form: string): Record<string, unknown> {
  return Object.fromEntries([...new URLSearchParams(form)].map(([name, value]) => [name, fieldOf(value)]));
}

function fieldOf(value: string): unknown {
  return /^[[{]/.test(value) ? parseAny(value) : value;
}

function fromJson(body: string): Record<string, unknown> {
  const parsed = parseAny(body);
  return typeof parsed === 'object' && parsed !== null ? { ...parsed } : {};
}

function parseAny(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}
