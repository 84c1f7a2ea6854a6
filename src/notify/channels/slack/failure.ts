import { ErrorCode } from '@slack/web-api';
import { explain } from '../../../core/errors.ts';
import { adviceFor } from './advice.ts';

/** What came of a call that did not succeed. */
export interface SlackFailure {
  /** In words, with what to do about it. */
  readonly reason: string;
  /** Slack's own word, where it gave one: `token_revoked`. */
  readonly error?: string;
  /** Nothing was done, and nothing may be asked for so long. */
  readonly retryAfterMs?: number;
  /** Whether what was asked for may have been done all the same. */
  readonly ambiguous: boolean;
  /** What is wrong with it: `content` would be refused again and again, `access` until a person puts it right. */
  readonly about?: 'content' | 'access';
}

/** These it says after it may have begun. */
const halfDone: ReadonlySet<string> = new Set([
  'fatal_error',
  'internal_error',
  'request_timeout',
  'service_unavailable',
]);

const content: ReadonlySet<string> = new Set([
  'msg_too_long',
  'no_text',
  'invalid_blocks',
  'invalid_blocks_format',
  'msg_blocks_too_long',
  'invalid_metadata_format',
  'invalid_metadata_schema',
  'metadata_too_large',
]);

function aboutOf(error: string): Pick<SlackFailure, 'about'> {
  if (content.has(error)) return { about: 'content' };
  return adviceFor(error) === '' ? {} : { about: 'access' };
}

export function failureOf(thrown: unknown): SlackFailure {
  const { code, data, retryAfter } = (thrown ?? {}) as {
    readonly code?: unknown;
    readonly data?: { readonly error?: string; readonly needed?: string };
    readonly retryAfter?: number;
  };
  switch (code) {
    case ErrorCode.PlatformError: {
      const error = data?.error ?? 'unknown_error';
      if (!/^\w+$/.test(error)) return { reason: notSlack, ambiguous: true };
      const needed = data?.needed ? ` (needed: ${data.needed})` : '';
      const reason = `Slack says ${error}${needed}${adviceFor(error)}`;
      return { reason, error, ambiguous: halfDone.has(error), ...aboutOf(error) };
    }
    case ErrorCode.RateLimitedError: {
      const seconds = retryAfter ?? 1;
      return { reason: `Slack asks for ${seconds}s of patience`, retryAfterMs: seconds * 1_000, ambiguous: false };
    }
    case ErrorCode.RequestError:
      return { reason: `Slack could not be reached (${causeOf(thrown)}): see to ${seeToNetwork}`, ambiguous: true };
    default:
      return { reason: explain(thrown), ambiguous: true };
  }
}

const seeToNetwork = 'the network, DNS or proxy of this machine, or notify.slack.apiUrl, and not the token';
const notSlack = `what answers is not Slack: see to ${seeToNetwork}`;

/** The innermost one says what happened: `fetch failed` does not. */
function causeOf(thrown: unknown): string {
  const { original, cause } = (thrown ?? {}) as { readonly original?: unknown; readonly cause?: unknown };
  const inner = original ?? cause;
  return inner === undefined ? explain(thrown) : causeOf(inner);
}
