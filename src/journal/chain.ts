import { canonicalJson, hashOf } from '../core/digest.ts';
import { type EventBody, eventBody, type JournalEvent } from '../model/event.ts';

/** An event as it lies on the disk. */
export interface EventRow {
  readonly seq: number;
  readonly at: number;
  readonly kind: string;
  readonly body: string;
  readonly previous: string;
  readonly hash: string;
}

/** The body as bytes: decoding them leniently could hide a damaged one. */
export type StoredRow = Omit<EventRow, 'body'> & { readonly body: Uint8Array };

/** The last event that the next one builds on. */
export type Head = Pick<EventRow, 'seq' | 'hash'>;

export const emptyHead: Head = { seq: 0, hash: '0'.repeat(64) };

export function nextRow(head: Head, at: number, body: EventBody): EventRow {
  const unsealed = {
    seq: head.seq + 1,
    at,
    kind: body.kind,
    body: canonicalJson(eventBody.parse(body)),
    previous: head.hash,
  };
  return { ...unsealed, hash: hashOf(unsealed) };
}

/** The event as it will be read after a restart, which is not always the object that was handed in. */
export const eventOf = ({ seq, at, body, hash }: EventRow): JournalEvent => ({
  seq,
  at,
  body: JSON.parse(body) as EventBody,
  hash,
});

/** The event that a stored row holds, or what is wrong with it. */
export function readRow(stored: StoredRow, head: Head): JournalEvent | { readonly broken: string } {
  const body = textOf(stored.body);
  if (stored.seq !== head.seq + 1) return broken(head.seq + 1, `is missing; event ${stored.seq} follows`);
  if (body === undefined) return broken(stored.seq, 'holds bytes that are no text');
  if (stored.previous !== head.hash) return broken(stored.seq, 'does not follow from the event before it');
  const { hash, ...unsealed } = { ...stored, body };
  if (hashOf(unsealed) !== hash) return broken(stored.seq, 'does not match its hash');
  const parsed = eventBody.safeParse(jsonOf(body));
  if (!parsed.success) return broken(stored.seq, `(${stored.kind}) is nothing that this version understands`);
  return { seq: stored.seq, at: stored.at, body: parsed.data, hash };
}

const broken = (seq: number, what: string) => ({ broken: `Event ${seq} ${what}.` });

function textOf(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
