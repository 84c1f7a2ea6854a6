import { RollbackdError } from '../../core/errors.ts';
import type { AccessLogConfig } from '../traffic/schema.ts';
import type { AccessEntry } from './contract.ts';

/** rollbackd's own questions alone write more than these within some minutes, with paths that count and a tenant. */
const manyLines = 50;
const manyRequests = 200;

/** How the newest lines are alike, counted back to the last that was not: so a wrong setting is told from a quiet night. */
export interface RowOfLines {
  /** Lines that are no request in the configured format. */
  readonly unread: number;
  /** Requests for none of the configured paths. */
  readonly elsewhere: number;
  /** Requests that count, and name no tenant. */
  readonly nameless: number;
}

export const noLines: RowOfLines = { unread: 0, elsewhere: 0, nameless: 0 };

export function withLine(row: RowOfLines, entry: AccessEntry | undefined, counts: boolean): RowOfLines {
  if (!entry) return { ...row, unread: row.unread + 1 };
  if (!counts) return { ...row, unread: 0, elsewhere: row.elsewhere + 1 };
  return { unread: 0, elsewhere: 0, nameless: entry.tenant === '' ? row.nameless + 1 : 0 };
}

/** Errors: RollbackdError with reason `log-unreadable`, where nothing in it is a request. */
export function expectRequests({ unread }: RowOfLines, { file, format }: AccessLogConfig): void {
  if (unread < manyLines) return;
  throw new RollbackdError(
    'log-unreadable',
    `the last ${unread} lines of ${file} are no requests in the format ${format}`,
    {
      remedy: 'see that traffic.accessLog.format is what the balancer writes there',
    },
  );
}

/** What is readable, and yet hardly meant so. */
export function doubtsAbout({ elsewhere, nameless }: RowOfLines, { format, paths }: AccessLogConfig): string[] {
  return [
    ...(elsewhere >= manyRequests ? [`none of the last ${elsewhere} requests is for ${paths.join(' or ')}`] : []),
    ...(nameless >= manyRequests && format === 'json'
      ? [`none of the last ${nameless} requests names a tenant: does the log format know the header?`]
      : []),
  ];
}
