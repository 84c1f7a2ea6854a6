import { z } from 'zod';
import { notOffered } from '../incident/course.ts';
import { isBoundTo, isSamePerson, mayAnswer, outstandingGroups } from '../incident/quorum.ts';
import { openIncidentOf } from '../incident/read-state.ts';
import type { Incident, IncidentIn } from '../incident/state.ts';
import { type Approval, approvalSubject } from '../model/approval.ts';
import type { Role } from '../model/person.ts';
import { stillTakes, whoCouldAnswer } from './authority.ts';
import type { Caller, CommandContext } from './context.ts';
import { record } from './record.ts';
import { CommandRefused } from './refusal.ts';

export const answerArgs = z.strictObject({
  incident: z.string().optional(),
  /** What the person had before their eyes: nothing else can be answered. */
  seen: approvalSubject.optional(),
  /** The same in short, as status and messages show it: with the incident it names one question. */
  revision: z.int().positive().optional(),
});
type AnswerArgs = z.infer<typeof answerArgs>;
type Asked = IncidentIn<'awaiting-approval'>;

interface Counting {
  readonly role: Role;
  /** All that have a say: whoever answers later may leave another of them to stand for. */
  readonly roles: readonly Role[];
}

/** Journals the caller's yes or no to the open question, or why it does not count. First writer wins. */
export function answer(
  context: CommandContext,
  caller: Caller,
  { reason, ...args }: AnswerArgs & { readonly reason?: string | undefined },
  said: Approval['answer'],
): Incident {
  const { asked, role, roles } = refuseUnlessCounts(context, caller, args, said);
  const { incident, revision, planHash, evidenceHash } = asked.request;
  const bound = { incident, revision, planHash, evidenceHash };
  const by = { ...namedBy(context, caller), role, roles: [...roles], via: caller.via };
  record(context, { kind: 'approval.answered', ...bound, answer: said, ...by, ...(reason && { reason }) });
  return context.memory.state().incidents.get(incident) ?? asked;
}

/** Whether the answer would count now; one that would not is written down as refused. Errors: CommandRefused, saying who could. */
export function refuseUnlessCounts(
  context: CommandContext,
  caller: Caller,
  args: AnswerArgs,
  said: Approval['answer'],
): Counting & { readonly asked: Asked } {
  try {
    const asked = askedNow(context, args, said);
    return { asked, ...rolesThatCount(context, caller, asked, said) };
  } catch (error) {
    if (error instanceof CommandRefused) journalRefusal(context, caller, { ...args, said, reason: error.message });
    throw error;
  }
}

type Refused = AnswerArgs & { readonly said: Approval['answer']; readonly reason: string };

/** An answer to what never was an incident belongs nowhere. */
function journalRefusal(context: CommandContext, caller: Caller, refused: Refused): void {
  const { incident, seen, revision = seen?.revision, said, reason } = refused;
  const { openIncident, incidents } = context.memory.state();
  const about = incident ?? openIncident;
  if (about === undefined || !incidents.has(about)) return;
  const tried = {
    ...namedBy(context, caller),
    via: caller.via,
    answer: said,
    ...(revision !== undefined && { revision }),
  };
  record(context, { kind: 'approval.refused', incident: about, ...tried, reason });
}

function askedNow(context: CommandContext, args: AnswerArgs, said: Approval['answer']): Asked {
  const { incident: wanted, seen, revision = seen?.revision } = args;
  const incident = openIncidentOf(context.memory.state());
  if (!incident || (wanted !== undefined && wanted !== incident.id)) throw nothingAsked(context, wanted);
  const asked = awaiting(incident);
  const isNamed = seen !== undefined || (wanted !== undefined && revision !== undefined);
  if (!isNamed) throw questionNotNamed(asked, said);
  const isOther = revision !== undefined && revision !== asked.request.revision;
  if (isOther || (seen && !isBoundTo(seen, asked.request))) throw requestChanged(asked);
  if (said === 'approved') refuseWhileNotOffered(context, asked);
  return asked;
}

function refuseWhileNotOffered({ latest }: CommandContext, { id, request: { revision } }: Asked): void {
  const { decision } = latest();
  const why = decision && notOffered(decision);
  if (why === undefined) return;
  throw new CommandRefused('not-offered', `no rollback is offered at the moment, since it would not help: ${why}`, {
    remedy: `revision ${revision} of ${id} still stands: give it again once that is over, or \`rollbackd rollback --reason ...\` on your own word`,
  });
}

function nothingAsked({ memory }: CommandContext, wanted: string | undefined): CommandRefused {
  const known = wanted === undefined ? undefined : memory.state().incidents.get(wanted);
  if (known?.status === 'closed') {
    return new CommandRefused('already-decided', `${known.id} is closed (${known.outcome}): ${known.reason}`);
  }
  const open = openIncidentOf(memory.state());
  if (open && wanted !== undefined) {
    return new CommandRefused('nothing-to-approve', `${wanted} is not the open incident: that is ${open.id}`, {
      remedy: 'read it with `rollbackd status`',
    });
  }
  return new CommandRefused('nothing-to-approve', 'no incident is open', {
    remedy: 'see `rollbackd status`; to roll back without being asked: `rollbackd rollback --reason ...`',
  });
}

function awaiting(incident: Incident): Asked {
  switch (incident.status) {
    case 'awaiting-approval':
      return incident;
    case 'approved':
      throw new CommandRefused('already-decided', `${incident.people.join(' and ')} approved it already`);
    case 'rejected':
      throw new CommandRefused('already-decided', `${incident.person} rejected it already: ${incident.reason}`);
    case 'rolling-back':
    case 'rollback-failed':
    case 'rolled-back':
    case 'watching':
      throw new CommandRefused('already-decided', `the rollback has begun already (${incident.run})`);
    case 'closed':
    case 'open':
      throw new CommandRefused('nothing-to-approve', `${incident.id} asks for no approval now`, {
        remedy: 'see `rollbackd status` for what it waits for',
      });
  }
}

function questionNotNamed({ id, request: { revision } }: Asked, said: Approval['answer']): CommandRefused {
  const named = `${id} --revision ${revision}`;
  const [word, order] =
    said === 'approved' ? ['yes', `rollbackd approve ${named}`] : ['no', `rollbackd reject ${named} --reason ...`];
  return new CommandRefused(
    'question-not-named',
    `${id} asks about revision ${revision}: a ${word} says what was read`,
    {
      remedy: `read it with \`rollbackd status\`, then \`${order}\``,
    },
  );
}

const requestChanged = ({ id, request }: Asked) =>
  new CommandRefused('request-changed', `${id} has moved on to revision ${request.revision} since you looked`, {
    remedy: 'look at it again with `rollbackd status`, then answer what stands there now',
  });

function rolesThatCount(context: CommandContext, caller: Caller, asked: Asked, said: Approval['answer']): Counting {
  const { quorum } = asked.request;
  const [first, ...others] = caller.roles.filter((role) => mayAnswer(role, quorum));
  const missing = outstandingGroups(quorum, asked.approvals).flat();
  const remedy = whoCouldAnswer(context.settings.people, asked);
  if (asked.approvals.some((known) => isSamePerson(known, namedBy(context, caller)))) {
    throw new CommandRefused('already-decided', `${caller.name} has answered already`, { remedy });
  }
  if (first) {
    const roles = [first, ...others];
    const useful = roles.find((role) => missing.includes(role));
    if (useful || said === 'rejected') return { role: useful ?? first, roles };
  }
  throw new CommandRefused(
    'not-authorised',
    `${caller.name}'s answer does not count here: it still takes ${stillTakes(asked)}`,
    { remedy },
  );
}

/** What is known of the caller besides the name, so that the same person is known again under another. */
function namedBy({ settings }: CommandContext, { name, uid }: Caller): Pick<Approval, 'person' | 'uid' | 'slack'> {
  const known = { uid, ...settings.people.find((person) => person.name === name) };
  return {
    person: name,
    ...(known.uid !== undefined && { uid: known.uid }),
    ...(known.slack !== undefined && { slack: known.slack }),
  };
}
