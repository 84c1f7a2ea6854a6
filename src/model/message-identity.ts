/** What people are told about. One matter is told once; what lasts is reminded of. */
export const matters = [
  'decided',
  'asked',
  'back',
  'overdue',
  'no-plan',
  'not-offered',
  'rejected',
  'also',
  'withdrawn',
  'paused',
  'not-begun',
  'came-to-nothing',
  'failed',
  'rolled-back',
  'unfinished',
  'interrupted',
  'contained',
  'containment-failed',
  'unreleased',
  'acknowledge',
  'found',
  'changed',
  'watch-closed',
  'step',
  'blind',
  'arming-lapsed',
  'channel',
  'orphan',
  'hindrances',
  'alarm',
  'daily',
  'older',
] as const;

export interface Matter {
  readonly what: (typeof matters)[number];
  readonly revision?: number | undefined;
  /** Which one of them: a run, a criterion, a probe, a moment. */
  readonly which?: string | undefined;
}

export type Topic =
  | { readonly kind: 'once'; readonly of: Matter }
  /** The period counts up: what the later one says holds the earlier one. */
  | { readonly kind: 'reminder'; readonly of: Matter; readonly period: number };

/** Whose message it is: messages about one subject come in the order in which they were queued. */
export type MessageSubject = { readonly about: 'incident' | 'run'; readonly id: string } | { readonly about: 'daemon' };

/** A message is named after what it tells: the same thing is queued once, and a receiver recognises a repetition. */
export type MessageIdentity = MessageSubject & { readonly topic: Topic };

/** The one form in which an identity is written: `incident/incident-1/asked?revision=2&period=3`. */
export function messageId(identity: MessageIdentity): string {
  const { topic } = identity;
  const period = topic.kind === 'reminder' ? { period: String(topic.period) } : {};
  const query = new URLSearchParams({ ...queryOf(topic.of), ...period }).toString();
  return `${subjectKey(identity)}/${topic.of.what}${query && `?${query}`}`;
}

/** The id of what the daemon tells once about itself. */
export const aboutDaemon = (what: Matter['what'], which: string): string =>
  messageId({ about: 'daemon', topic: { kind: 'once', of: { what, which } } });

export const subjectKey = (subject: MessageSubject): string =>
  subject.about === 'daemon' ? subject.about : `${subject.about}/${encodeURIComponent(subject.id)}`;

export const isSameMatter = (a: Matter, b: Matter): boolean =>
  a.what === b.what && a.revision === b.revision && a.which === b.which;

function queryOf({ revision, which }: Matter): Record<string, string> {
  return {
    ...(revision !== undefined && { revision: String(revision) }),
    ...(which !== undefined && { which }),
  };
}

const written = /^(?:(?<about>incident|run)\/(?<id>[^/]+)|daemon)\/(?<what>[a-z-]+)(?:\?(?<query>.*))?$/;

/** Reads what `messageId` wrote, and what journals of older versions hold. */
export function identityOf(message: string): MessageIdentity {
  const { about, id = '', what, query } = written.exec(message)?.groups ?? {};
  const known = matters.find((matter) => matter === what);
  if (!known) return olderIdentity(message);
  const values = new URLSearchParams(query);
  const topic = topicOf(matterOf(known, values.get('revision'), values.get('which')), values.get('period'));
  if (about === 'incident' || about === 'run') return { about, id: decodeURIComponent(id), topic };
  return { about: 'daemon', topic };
}

function matterOf(what: Matter['what'], revision: string | null | undefined, which: string | null | undefined): Matter {
  return {
    what,
    ...(typeof revision === 'string' && { revision: Number(revision) }),
    ...(typeof which === 'string' && { which }),
  };
}

const topicOf = (of: Matter, period: string | null | undefined): Topic =>
  typeof period === 'string' ? { kind: 'reminder', of, period: Number(period) } : { kind: 'once', of };

/** Older versions wrote `<id>/r2.asked-<plan>`, `<id>/r2.waiting-<since>-<period>`, and much else that is told once. */
const older = /^r(?<revision>\d+)\.(?:(?<what>decided|asked|overdue|no-plan)\b|waiting-\d+-(?<period>\d+)$)/;

function olderIdentity(message: string): MessageIdentity {
  const [id = '', ...rest] = message.split('/');
  const { revision, what, period } = older.exec(rest.join('/'))?.groups ?? {};
  const known = matters.find((matter) => matter === (period === undefined ? what : 'asked'));
  const topic = topicOf(known ? matterOf(known, revision, undefined) : { what: 'older', which: message }, period);
  if (rest.length === 0 || id === 'daemon') return { about: 'daemon', topic };
  return { about: id.startsWith('run') ? 'run' : 'incident', id, topic };
}
