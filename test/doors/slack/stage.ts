import { buttonsOf, type SlackMessage } from '../../../sandbox/servers/slack/message.ts';
import type { Slack } from '../../../sandbox/servers/slack.ts';
import { type SlackFaults, startSlackFaults } from '../../../sandbox/servers/slack-faults.ts';
import type { Caller, CommandContext } from '../../../src/commands/context.ts';
import { type Clock, systemClock } from '../../../src/core/clock.ts';
import { Secret } from '../../../src/core/secret.ts';
import type { SlackDoorConfig } from '../../../src/doors/schema.ts';
import { openSlackDoor } from '../../../src/doors/slack/door.ts';
import type { Memory } from '../../../src/engine/memory.ts';
import { performMove } from '../../../src/engine/perform-move.ts';
import { createPlanner } from '../../../src/engine/planner.ts';
import { nextMoves } from '../../../src/incident/next.ts';
import { openIncidentOf } from '../../../src/incident/read-state.ts';
import type { Incident } from '../../../src/incident/state.ts';
import type { Decision } from '../../../src/model/decision.ts';
import type { EventBody, EventKind, EventOf } from '../../../src/model/event.ts';
import { outlineOf } from '../../../src/model/plan-outline.ts';
import type { Tier } from '../../../src/model/tier.ts';
import type { Delivery } from '../../../src/notify/channel.ts';
import { actionIds } from '../../../src/notify/channels/slack/buttons.ts';
import { failed, slackChannel } from '../../../src/notify/channels/slack/channel.ts';
import { openWeb } from '../../../src/notify/channels/slack/web.ts';
import { ChannelHealth } from '../../../src/notify/health.ts';
import { Outbox } from '../../../src/notify/outbox.ts';
import type { SlackConfig } from '../../../src/notify/schema.ts';
import { finished } from '../../actions/perform.ts';
import { settings } from '../../commands/fixture.ts';
import { runsOn } from '../../engine/stage.ts';
import { eventually } from '../../exec/eventually.ts';
import { decisionTo } from '../../incident/histories.ts';
import { people } from './people.ts';

export interface SlackStage extends AsyncDisposable {
  readonly faults: SlackFaults;
  readonly memory: Memory;
  readonly context: CommandContext;
  readonly health: ChannelHealth;
  readonly connections: boolean[];
  /** What was told of whether clicks arrive. */
  readonly wayIn: Delivery[];
  /** When Slack has sent a signed request. */
  readonly requests: readonly number[];
  /** What the door has written to the log. */
  readonly warnings: readonly (readonly unknown[])[];
  readonly decision: { now: Decision };
  /** Derives what follows, as the engine does after each look. */
  judge(): Promise<void>;
  /** So much later, it is looked again. */
  pass(ms: number): Promise<void>;
  /** The open incident, once it is so. */
  incident(wanted: Incident['status']): Promise<Incident>;
  /** The message that stands for the incident, as people see it, once it is so. */
  card(isSo?: (card: SlackMessage) => boolean): Promise<SlackMessage>;
  /** The card with the question. */
  asked(): Promise<SlackMessage>;
  events<K extends EventKind>(kind: K): EventOf<K>[];
  /** Everything in the journal. */
  all(): readonly EventBody[];
  /** Without what only tells that something was told. */
  deeds(): readonly EventBody[];
  as(name: string): Caller;
}

export const pagedFor = (tier: Tier, tenants: readonly string[]): Decision =>
  decisionTo('page', { tier, tenants: [...tenants] });

export interface StageOptions {
  readonly door?: Partial<SlackDoorConfig>;
  readonly escalation?: readonly string[];
  readonly tier?: Tier;
  readonly target?: string;
  readonly timeout?: number;
  readonly past?: readonly EventBody[];
  /** The test's own: what it remembers outlives the stage. */
  readonly faults?: SlackFaults;
}

/** A channel, a door, the pure half and a target of plain objects: whatever goes between Slack and a run is the real thing. */
export async function slackStage(slack: Slack, options: StageOptions = {}): Promise<SlackStage> {
  const faults = options.faults ?? (await startSlackFaults(slack.url));
  const stopping = new AbortController();
  const { signal } = stopping;
  const warnings: unknown[][] = [];
  const log = { info: () => {}, warn: (...said: unknown[]) => void warnings.push(said) };
  let passed = 0;
  const clock: Clock = { ...systemClock, now: () => Date.now() + passed };
  const { past = [], escalation = [], timeout = 3_000, target = 'Superkafe' } = options;
  const here = await runsOn({ now: clock.now, past: () => past });
  const { memory, runs } = here;
  const planner = createPlanner(here.target.world, 'config');
  const { plan } = await planner.draft(signal);
  const decision = { now: pagedFor(options.tier ?? 'critical', ['negoes']) };
  const config: SlackConfig = {
    botToken: new Secret(slack.botToken),
    channel: slack.channel,
    apiUrl: faults.apiUrl,
    timeout,
  };
  const health = new ChannelHealth({ clock, onFailing: () => {}, onTrouble: () => {}, onWell: () => {} });
  const channel = slackChannel({
    web: openWeb(config),
    channel: config.channel,
    context: () => ({ target, people, groups: options.door?.groups ?? [], way: 'buttons' }),
    escalation,
    spacingMs: 0,
    state: memory.state,
    append: memory.append,
    clock,
    onUpToDate: () => health.note('slack', { outcome: 'delivered' }, 'cards'),
    onFailure: (_incident, error) => health.note('slack', failed(error), 'cards'),
  });
  const outbox = new Outbox({
    channels: [channel],
    state: memory.state,
    append: memory.append,
    clock,
    onFailure: () => {},
    onAttempt: (name, delivery) => health.note(name, delivery),
  });
  const context = contextOf(here, planner, clock, signal);
  const connections: boolean[] = [];
  const wayIn: Delivery[] = [];
  const requests: number[] = [];
  const door = await openSlackDoor({
    settings: { teamId: slack.teamId, appId: slack.appId, groups: [], ...transport(slack, options.door) },
    slack: () => config,
    context: () => context,
    people: () => people,
    onConnection: (connected) => connections.push(connected),
    onRequest: () => requests.push(clock.now()),
    onWayIn: (delivery) => wayIn.push(delivery),
    onSole: () => {},
    clock,
    log,
  });
  const bodies: EventBody[] = [...past];
  let judging = Promise.resolve();
  const judgeOnce = async (): Promise<void> => {
    for (let round = 0; round < 10; round++) {
      const before = memory.state().lastSeq;
      const planned = { planHash: plan.hash, plan: outlineOf(plan) };
      const moves = nextMoves(memory.state(), { decision: decision.now, ...planned, escalation, now: clock.now() });
      for (const move of moves) await performMove(move, plan, { memory, runs, planner, watchFor: 7_200_000, clock });
      if (memory.state().lastSeq === before) return;
    }
  };
  const judge = () => {
    judging = judging.then(judgeOnce);
    return judging;
  };
  const working: Promise<void>[] = [];
  const begun = async () => {
    // Written down first, then begun.
    await Promise.resolve();
    await finished(here.target.clock, runs.idle());
    await judge();
  };
  memory.subscribe(({ body }) => {
    bodies.push(body);
    outbox.wake();
    channel.cards.wake();
    if (body.kind === 'approval.answered') void judge();
    if (body.kind === 'run.started') working.push(begun());
  });
  working.push(outbox.run(signal), channel.cards.run(signal));
  let over: Promise<void> | undefined;
  const end = async () => {
    await door[Symbol.asyncDispose]();
    stopping.abort(new Error('over'));
    here.stop.abort(new Error('over'));
    await Promise.allSettled([...working, judging]);
    if (!options.faults) await faults[Symbol.asyncDispose]();
    here[Symbol.dispose]();
  };
  const known = () => openIncidentOf(memory.state()) ?? [...memory.state().incidents.values()].at(-1);
  const card = (isSo: (card: SlackMessage) => boolean = () => true) =>
    eventually('such a card', async () => {
      const shown = memory.state().cards.get(known()?.id ?? '');
      const found = (await slack.messages()).find(({ ts }) => ts === shown?.ts);
      return found && isSo(found) && found;
    });
  return {
    faults,
    memory,
    context,
    health,
    connections,
    wayIn,
    requests,
    warnings,
    decision,
    judge,
    pass: (ms) => {
      passed += ms;
      return judge();
    },
    incident: (wanted) =>
      eventually(`an incident that is ${wanted}`, () => [known()].find((incident) => incident?.status === wanted)),
    card,
    asked: () => card((found) => buttonsOf(found).some(({ action_id }) => action_id === actionIds.approve)),
    events: (kind) => bodies.filter((body): body is EventOf<typeof kind> => body.kind === kind),
    all: () => [...bodies],
    deeds: () => bodies.filter(({ kind }) => !kind.startsWith('message.') && kind !== 'card.shown'),
    as: (name) => ({ name, roles: people.find((each) => each.name === name)?.roles ?? [], via: 'cli' }),
    [Symbol.asyncDispose]: () => {
      over ??= end();
      return over;
    },
  };
}

const transport = (slack: Slack, door: StageOptions['door']): Partial<SlackDoorConfig> =>
  door?.request ? door : { socketMode: { appToken: new Secret(slack.appToken) }, ...door };

type Here = Awaited<ReturnType<typeof runsOn>>;

const contextOf = (
  { memory, runs }: Here,
  planner: ReturnType<typeof createPlanner>,
  clock: Clock,
  signal: AbortSignal,
): CommandContext => ({
  memory,
  planner,
  runs,
  clock,
  settings: { ...settings, people },
  configHash: 'config',
  version: '0.0.0',
  signal,
  latest: () => ({ verdicts: [], decision: undefined, observations: [] }),
  channelTroubles: () => [],
  slackConnected: () => true,
  gatherFacts: () => Promise.reject(new Error('nobody arms here')),
  release: async () => {},
  preflight: async () => [],
  obstacles: () => [],
});
