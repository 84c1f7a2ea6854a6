import { z } from 'zod';
import type { AccessLogConfig } from '../traffic/schema.ts';
import type { AccessEntry } from './contract.ts';

/** Nothing where the line is no request in this format. */
export const lineParser = ({ format }: Pick<AccessLogConfig, 'format'>): ((line: string) => AccessEntry | undefined) =>
  format === 'json' ? parseJson : parseCombined;

/** As deploy/nginx/rollbackd-log.conf writes it: seconds, and what was not there is an empty text. */
const jsonLine = z.object({
  time: z.number().nonnegative(),
  method: z.string().regex(/^[A-Z]{3,16}$/),
  path: z.string(),
  status: z.int(),
  duration: z.number().nonnegative(),
  upstream: z.string().default(''),
  agent: z.string().default(''),
  tenant: z.string().default(''),
});

function parseJson(line: string): AccessEntry | undefined {
  if (!line.startsWith('{')) return undefined;
  const parsed = jsonLine.safeParse(jsonOf(line));
  if (!parsed.success) return undefined;
  const { time, method, path, status, duration, upstream, agent, tenant } = parsed.data;
  return {
    at: Math.round(time * 1_000),
    method,
    path: pathOf(path),
    status,
    durationMs: duration * 1_000,
    upstream: isSaid(upstream),
    agent,
    tenant: isSaid(tenant) ? tenant : '',
  };
}

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

/**
 * nginx's `combined` with `$request_time` at its end. It does not tell whether the application was asked. The remote user comes from
 * the client, and may hold blanks and brackets.
 */
const combinedLine =
  /^\S+ \S+ .+? \[(?<time>\d{2}\/\w{3}\/\d{4}:[\d:]{8} [+-]\d{4})\] "(?<method>[A-Z]{3,16}) (?<path>[^\s"]+)(?: [^"]*)?" (?<status>\d{3}) \S+ "(?:[^"\\]|\\.)*" "(?<agent>(?:[^"\\]|\\.)*)"(?: .*)? (?<duration>\d+(?:\.\d+)?)$/;

function parseCombined(line: string): AccessEntry | undefined {
  const groups = combinedLine.exec(line)?.groups;
  const at = groups?.time === undefined ? undefined : localTime(groups.time);
  if (!groups || at === undefined) return undefined;
  const { method = '', path = '', status, agent = '', duration } = groups;
  return {
    at,
    method,
    path: pathOf(path),
    status: Number(status),
    durationMs: Number(duration) * 1_000,
    upstream: 'unknown',
    agent,
    tenant: '',
  };
}

/** `20/Nov/2026:22:00:07 +0100` */
function localTime(text: string): number | undefined {
  const match = /^(\d{2})\/(\w{3})\/(\d{4}):(\d{2}:\d{2}:\d{2}) ([+-]\d{2})(\d{2})$/.exec(text);
  if (!match) return undefined;
  const [, day, month, year, time, hours, minutes] = match;
  const at = Date.parse(`${day} ${month} ${year} ${time} GMT${hours}${minutes}`);
  return Number.isNaN(at) ? undefined : at;
}

/** Without the query, and without scheme and host, which a client may write before it. */
function pathOf(written: string): string {
  const [path = written] = written.split('?', 1);
  return path.startsWith('/') ? path : path.replace(/^https?:\/\/[^/]*/i, '') || '/';
}
/** nginx writes a hyphen, or nothing, for what there was not. */
const isSaid = (text: string): boolean => text !== '' && text !== '-';
