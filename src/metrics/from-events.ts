import type { EventOf, JournalEvent } from '../model/event.ts';
import { mode } from '../model/mode.ts';
import { type ActionName, actionName, type Plan } from '../model/plan.ts';
import { type Tier, tier } from '../model/tier.ts';
import { type Instruments, type OpenLabels, setOneOf } from './instruments.ts';

interface KnownRun {
  readonly kind: Plan['kind'];
  readonly startedAt: number;
  readonly actions: ReadonlyMap<string, ActionName>;
}

/** What has to be remembered between events. */
export interface EventMemory {
  pausedUntil: number;
  readonly incidents: Map<string, Tier>;
  readonly runs: Map<string, KnownRun>;
  readonly watches: Set<string>;
}

export const emptyMemory = (): EventMemory => ({
  pausedUntil: 0,
  incidents: new Map(),
  runs: new Map(),
  watches: new Set(),
});

export interface EventContext {
  readonly instruments: Instruments;
  readonly open: OpenLabels;
  readonly memory: EventMemory;
}

/** Brings every metric that follows from the journal up to date: replayed from the start it gives the same state. */
export function applyEvent(context: EventContext, { at, body }: JournalEvent): void {
  context.instruments.rollbackd_journal_events_total.inc();
  switch (body.kind) {
    case 'config.reloaded':
    case 'config.refused':
      countReload(context, body);
      break;
    case 'mode.changed':
    case 'mode.armed':
    case 'acting.paused':
    case 'acting.unpaused':
      applyPower(context, body);
      break;
    case 'incident.opened':
    case 'incident.decided':
    case 'incident.withdrawn':
    case 'incident.closed':
      applyIncident(context, body);
      break;
    case 'run.started':
    case 'run.finished':
      applyRun(context, at, body);
      break;
    case 'step.succeeded':
    case 'step.failed':
      applyStep(context, body);
      break;
    case 'watch.started':
    case 'watch.closed':
      applyWatch(context, body);
      break;
    case 'message.delivered':
    case 'message.undeliverable':
      countMessage(context, body);
      break;
    default:
      tellsNothing(body);
  }
}

type SilentKind =
  | 'daemon.started'
  | 'daemon.stopped'
  | 'incident.snoozed'
  | 'incident.cleared'
  | 'incident.returned'
  | 'card.shown'
  | 'approval.requested'
  | 'approval.answered'
  | 'approval.refused'
  | 'containment.releasing'
  | 'containment.released'
  | 'run.interrupted'
  | 'run.resumed'
  | 'run.put-back'
  | 'run.acknowledged'
  | 'message.queued'
  | 'step.started'
  | 'child.planned'
  | 'child.started'
  | 'child.ended'
  | 'watch.found';

/** A new kind of event does not compile before somebody has decided whether a metric follows from it. */
function tellsNothing(_body: EventOf<SilentKind>): void {}

const countReload = ({ instruments }: EventContext, { kind }: EventOf<'config.reloaded' | 'config.refused'>): void =>
  instruments.rollbackd_config_reloads_total.inc({ outcome: kind === 'config.reloaded' ? 'accepted' : 'refused' });

type PowerEvent = EventOf<'mode.changed' | 'mode.armed' | 'acting.paused' | 'acting.unpaused'>;

function applyPower({ instruments, memory }: EventContext, body: PowerEvent): void {
  if (body.kind === 'acting.paused') memory.pausedUntil = body.until;
  else if (body.kind === 'acting.unpaused') memory.pausedUntil = 0;
  else {
    const now = body.kind === 'mode.armed' ? 'armed' : body.mode;
    setOneOf(instruments.rollbackd_mode, 'mode', mode.options, now);
  }
}

type IncidentEvent = EventOf<'incident.opened' | 'incident.decided' | 'incident.withdrawn' | 'incident.closed'>;

function applyIncident({ instruments, memory }: EventContext, body: IncidentEvent): void {
  const known = memory.incidents.get(body.incident);
  if (body.kind === 'incident.opened') memory.incidents.set(body.incident, body.tier);
  else if (body.kind === 'incident.decided') {
    if (known) memory.incidents.set(body.incident, body.decision.tier ?? known);
  } else {
    memory.incidents.delete(body.incident);
    instruments.rollbackd_incidents_total.inc({
      outcome: body.kind === 'incident.closed' ? body.outcome : 'withdrawn',
    });
  }
  const open = [...memory.incidents.values()];
  for (const each of tier.options) {
    instruments.rollbackd_incident_open.set({ tier: each }, open.filter((found) => found === each).length);
  }
}

function applyRun({ instruments, memory }: EventContext, at: number, body: EventOf<'run.started' | 'run.finished'>) {
  if (body.kind === 'run.started') {
    const actions = new Map(body.plan.steps.map(({ id, action }) => [id, action] as const));
    memory.runs.set(body.run, { kind: body.plan.kind, startedAt: at, actions });
    return;
  }
  const run = memory.runs.get(body.run);
  if (!run) return;
  const { kind, startedAt } = run;
  instruments.rollbackd_runs_total.inc({ kind, outcome: body.outcome });
  instruments.rollbackd_run_duration_seconds.observe({ kind }, Math.max(0, at - startedAt) / 1_000);
}

function applyStep({ instruments, open, memory }: EventContext, body: EventOf<'step.succeeded' | 'step.failed'>): void {
  const action = memory.runs.get(body.run)?.actions.get(body.step) ?? actionNamed(body.step);
  if (!action) return;
  instruments.rollbackd_step_duration_seconds.observe({ action }, body.tookMs / 1_000);
  if (body.kind !== 'step.failed') return;
  instruments.rollbackd_step_failures_total.inc({ action, reason: open.reasons.of(body.reason) });
}

/** A step is called after its action: `restore-database:superkafe_negoes`. */
const actionNamed = (step: string): ActionName | undefined => actionName.safeParse(step.split(':')[0]).data;

function applyWatch(
  { instruments, memory }: EventContext,
  { kind, run }: EventOf<'watch.started' | 'watch.closed'>,
): void {
  if (kind === 'watch.started') memory.watches.add(run);
  else memory.watches.delete(run);
  instruments.rollbackd_watch_active.set(memory.watches.size > 0 ? 1 : 0);
}

function countMessage(
  { instruments, open }: EventContext,
  body: EventOf<'message.delivered' | 'message.undeliverable'>,
): void {
  const outcome = body.kind === 'message.delivered' ? 'delivered' : 'undeliverable';
  instruments.rollbackd_messages_total.inc({ channel: open.channels.of(body.channel), outcome });
}
