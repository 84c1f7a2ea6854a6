import { z } from 'zod';
import { answer, approval, approvalSubject, quorum, via } from './approval.ts';
import { childEnded, childPlanned, processIdentity } from './child.ts';
import { configMark } from './config-mark.ts';
import { decision } from './decision.ts';
import { mode } from './mode.ts';
import { identity, role } from './person.ts';
import { plan } from './plan.ts';
import { planOutline } from './plan-outline.ts';
import { tier } from './tier.ts';
import { urgency } from './urgency.ts';
import { criterionName } from './verdict.ts';
import { version } from './version.ts';

const event = <K extends string, S extends z.ZodRawShape>(kind: K, shape: S) =>
  z.strictObject({ kind: z.literal(kind), ...shape });

const incident = { incident: z.string() };
const run = { run: z.string() };
/** Whose turn it was to have the lease on the target. */
const epoch = z.number().int().optional();
const step = { ...run, step: z.string(), attempt: z.number().int() };

/** On whose word a run starts. */
export const authority = z.discriminatedUnion('by', [
  z.strictObject({ by: z.literal('daemon') }),
  z.strictObject({ by: z.literal('approval'), people: z.array(z.string()) }),
  z.strictObject({ by: z.literal('person'), person: z.string(), role, reason: z.string() }),
]);
export type Authority = z.infer<typeof authority>;

export const evidence = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));
export type Evidence = z.infer<typeof evidence>;

/** Everything the daemon remembers. The journal is a list of these; every state is a fold over it. */
export const eventBody = z.discriminatedUnion('kind', [
  /** `channels`: by which people are told from now on; one that was not there before gets no older message. */
  event('daemon.started', {
    version: z.string(),
    configHash: z.string(),
    pid: z.number().int(),
    channels: z.array(z.string()).optional(),
  }),
  event('daemon.stopped', { reason: z.string() }),
  event('config.reloaded', { configHash: z.string(), channels: z.array(z.string()).optional() }),
  event('config.refused', { faults: z.array(z.string()) }),

  event('mode.changed', { mode, person: z.string(), reason: z.string() }),
  event('mode.armed', {
    person: z.string(),
    role,
    until: z.number().int(),
    manifestHash: z.string(),
    legacyCommit: z.string().optional(),
    backupTakenAt: z.number().int().optional(),
    configHash: z.string(),
    guardsOff: z.array(z.string()),
    /** The cut-over that it was armed for. */
    cutoverAt: z.number().int().optional(),
    reason: z.string(),
  }),
  event('acting.paused', { person: z.string(), reason: z.string(), until: z.number().int() }),
  event('acting.unpaused', { person: z.string() }),

  event('incident.opened', {
    ...incident,
    criterion: criterionName,
    tier,
    tenants: z.array(z.string()),
    /** How often the same trouble has come back; absent where it is new. */
    returns: z.number().int().positive().optional(),
  }),
  event('incident.decided', {
    ...incident,
    revision: z.number().int(),
    evidenceHash: z.string(),
    decision,
    /** People were told of all of it lately: it calls nobody again. */
    quiet: z.boolean().optional(),
  }),
  /** Its trouble is clear, and not over yet: it has come back before. */
  event('incident.cleared', { ...incident }),
  event('incident.returned', { ...incident }),
  event('incident.withdrawn', { ...incident, reason: z.string() }),
  event('incident.closed', {
    ...incident,
    outcome: z.enum(['rolled-back', 'rejected', 'resolved-by-person']),
    reason: z.string(),
    /** What a person says serves now, where a rollback had failed half-way. */
    serving: version.optional(),
  }),

  /** Until then nobody is reminded of it; a new revision ends that. */
  event('incident.snoozed', { ...incident, person: z.string(), until: z.number().int() }),

  event('approval.requested', {
    ...approvalSubject.shape,
    quorum,
    deadline: z.number().int().optional(),
    /** Of the plan with that hash. */
    plan: planOutline.optional(),
    /** People were asked the same lately: it calls nobody again. */
    quiet: z.boolean().optional(),
  }),
  event('approval.answered', { ...approval.shape }),
  /** What somebody tried, and what they had seen; older journals say only who and why not. */
  event('approval.refused', {
    ...incident,
    person: z.string(),
    ...identity.shape,
    via: via.optional(),
    answer: answer.optional(),
    revision: z.number().int().optional(),
    reason: z.string(),
  }),

  /** A person has begun to start the application again: until it is released nobody knows what it does. */
  event('containment.releasing', { ...incident, person: z.string() }),
  event('containment.released', { ...incident, person: z.string(), reason: z.string() }),

  event('run.started', {
    ...run,
    incident: z.string().optional(),
    plan,
    authority,
    /** What it was started under: a resume says what has changed since. */
    config: configMark.optional(),
    /** The cut-over that it rolls back from. */
    cutoverAt: z.number().int().optional(),
    epoch,
  }),
  event('run.interrupted', { ...run, reason: z.string() }),
  /** `configHash`: a person has taken it on under another configuration, which it keeps from then on. */
  event('run.resumed', { ...run, person: z.string().optional(), configHash: z.string().optional(), epoch }),
  /** The application serves again as before the run: nothing of it is left. */
  event('run.put-back', { ...run }),
  event('run.finished', {
    ...run,
    outcome: z.enum(['succeeded', 'failed']),
    reason: z.string(),
    /** What users got at its end, asked. */
    usersGet: z.string().optional(),
  }),
  event('run.acknowledged', { ...run, person: z.string(), serving: version.optional() }),
  event('step.started', { ...step }),
  event('step.succeeded', { ...step, tookMs: z.number(), evidence }),
  event('step.failed', {
    ...step,
    tookMs: z.number(),
    reason: z.string(),
    message: z.string(),
    remedy: z.string().optional(),
  }),

  event('child.planned', { ...childPlanned.shape }),
  event('child.started', { tag: z.string(), ...processIdentity.shape }),
  event('child.ended', { ...childEnded.shape }),

  event('watch.started', { ...run, until: z.number().int() }),
  event('watch.found', { ...run, finding: z.string() }),
  event('watch.closed', { ...run, summary: z.record(z.string(), z.union([z.string(), z.number()])) }),

  event('message.queued', {
    message: z.string(),
    subject: z.string(),
    text: z.string(),
    urgency,
  }),
  event('message.delivered', { message: z.string(), channel: z.string() }),
  event('message.undeliverable', { message: z.string(), channel: z.string(), reason: z.string() }),

  event('card.shown', {
    ...incident,
    channel: z.string(),
    /** As the configuration called that channel; absent in what older versions wrote. */
    configured: z.string().optional(),
    /** Slack's name for the message: with the channel it is its address. */
    ts: z.string(),
    /** Hash of what it shows. */
    face: z.string(),
    /** It shows the end of its incident: nothing of it will change any more. */
    final: z.boolean(),
  }),
]);
export type EventBody = z.infer<typeof eventBody>;
export type EventKind = EventBody['kind'];
export type EventOf<K extends EventKind> = Extract<EventBody, { kind: K }>;

/** An event as it stands in the journal: `hash` covers the body, the time, the number and the hash before it. */
export interface JournalEvent {
  readonly seq: number;
  readonly at: number;
  readonly body: EventBody;
  readonly hash: string;
}
