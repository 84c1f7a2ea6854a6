import { explain } from '../../core/errors.ts';
import { expectedVersion } from '../../engine/version.ts';
import type { DaemonState, QueuedMessage } from '../../incident/daemon-state.ts';
import { isPending } from '../../incident/fold-message.ts';
import { modeInForce, openIncidentOf, runUnderWay } from '../../incident/read-state.ts';
import type { Observation } from '../../model/observation.ts';
import type { ProbeSet } from '../../probes/schema.ts';
import type { CommandContext } from '../context.ts';
import { pauseInForce } from '../free-to-act.ts';
import { viewIncident } from './incident.ts';
import { summarise } from './observation.ts';
import { viewRun } from './run.ts';
import type { StatusView } from './view.ts';

/** Everything that a person may want to know now; changes nothing and asks for no role. */
export async function status(context: CommandContext): Promise<StatusView> {
  const { memory, settings, clock, latest } = context;
  const state = memory.state();
  const now = clock.now();
  const { verdicts, decision, observations } = latest();
  const { routes } = settings.probes[expectedVersion(state, settings.migration.cutoverAt, now)];
  const connected = context.slackConnected();
  const incident = openIncidentOf(state) ?? [...state.incidents.values()].at(-1);
  const run = runUnderWay(state) ?? [...state.runs.values()].at(-1);
  return {
    at: now,
    version: context.version,
    target: settings.target.name,
    configHash: context.configHash,
    mode: modeInForce(state, now),
    configuredMode: settings.mode,
    ...power(state, context),
    journal: viewJournal(memory),
    obstacles: [...context.obstacles()],
    verdicts: [...verdicts],
    ...(decision && { decision }),
    probes: observations.map((observation) => viewProbe(observation, routes, now)),
    ...(incident && { incident: viewIncident(incident, settings.people, decision) }),
    ...(run && { run: viewRun(run) }),
    ...(state.watch && { watch: { ...state.watch, findings: [...state.watch.findings] } }),
    failingChannels: [...context.channelTroubles()],
    ...(connected !== undefined && { slackConnected: connected }),
    undelivered: undelivered(state),
  };
}

const viewJournal = ({ state, writable, refusal }: CommandContext['memory']): StatusView['journal'] => ({
  writable,
  events: state().lastSeq,
  ...(refusal && { why: explain(refusal) }),
});

function power({ armed }: DaemonState, context: CommandContext): Pick<StatusView, 'armed' | 'paused'> {
  const paused = pauseInForce(context);
  return {
    ...(armed && {
      armed: {
        person: armed.person,
        role: armed.role,
        at: armed.at,
        until: armed.until,
        guardsOff: [...armed.guardsOff],
      },
    }),
    ...(paused && { paused: { person: paused.person, reason: paused.reason, until: paused.until } }),
  };
}

function viewProbe(observation: Observation, routes: ProbeSet['routes'], now: number): StatusView['probes'][number] {
  const { probe, status: seen, at, tookMs } = observation;
  return { probe, status: seen, at, ageMs: Math.max(0, now - at), tookMs, summary: summarise(observation, routes) };
}

/** The log is read when somebody already knows: what it alone has taken has reached nobody. */
const undelivered = ({ messages }: DaemonState): StatusView['undelivered'] =>
  [...messages.values()].filter(hasReachedNobody).map((message) => ({
    message: message.message,
    subject: message.subject,
    urgency: message.urgency,
    queuedAt: message.queuedAt,
    faults: [
      ...message.undeliverable.map(({ channel, reason }) => `${channel}: ${reason}`),
      ...(message.channels ?? [])
        .filter((channel) => isPending(message, channel))
        .map((channel) => `${channel}: not taken yet, the log says why`),
    ],
  }));

function hasReachedNobody({ channels, deliveredTo, undeliverable }: QueuedMessage): boolean {
  const beside = (channel: string) => channel !== 'log';
  const others = (channels ?? undeliverable.map(({ channel }) => channel)).filter(beside);
  return deliveredTo.length === 0 || (others.length > 0 && !deliveredTo.some(beside));
}
