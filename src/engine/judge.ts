import type { DaemonState } from '../incident/daemon-state.ts';
import { judgedFrom, modeInForce, standingOf } from '../incident/read-state.ts';
import type { Blindness } from '../model/blindness.ts';
import type { Decision } from '../model/decision.ts';
import type { CriterionName, Verdict } from '../model/verdict.ts';
import type { ProbeSet, ProbesConfig, TargetConfig } from '../probes/schema.ts';
import { judgeLeak } from '../rules/criteria/cross-tenant-leak.ts';
import { judgeDatabaseConnection } from '../rules/criteria/database-connection.ts';
import { judgeErrorRate } from '../rules/criteria/error-rate.ts';
import { judgeLatency } from '../rules/criteria/latency.ts';
import { judgeUnavailable } from '../rules/criteria/unavailable.ts';
import { decide } from '../rules/decide.ts';
import type { GuardFacts } from '../rules/guards/facts.ts';
import { judgeGuards } from '../rules/guards/guards.ts';
import type { LatencyBaseline } from '../rules/latency-baseline.ts';
import { leadingBreach } from '../rules/leading-breach.ts';
import type { GuardConfig, RulesConfig } from '../rules/schema.ts';
import { underStanding } from '../rules/standing.ts';
import { lastingBlindness } from '../rules/windows/blindness.ts';
import { clockSlack } from '../rules/windows/clock-step.ts';
import { connectionsOf } from '../rules/windows/connections.ts';
import { availability } from '../rules/windows/outage.ts';
import type { Windows } from '../rules/windows/windows.ts';
import { expectedVersion } from './version.ts';

export interface EngineSettings {
  readonly rules: RulesConfig;
  readonly guard: GuardConfig;
  readonly containment: 'automatic' | 'ask';
  readonly probes: ProbesConfig;
  readonly target: Pick<TargetConfig, 'tenants'>;
  /** Who is told first when a deadline passes. */
  readonly notify?: { readonly escalation: readonly string[] };
  readonly latencyBaseline: LatencyBaseline;
  readonly migration: { readonly cutoverAt: number };
}

export interface JudgeInput {
  readonly windows: Windows;
  readonly state: DaemonState;
  readonly settings: EngineSettings;
  readonly now: number;
}

export interface Judgement {
  readonly verdicts: readonly Verdict[];
  /** The breach that the guards are to be asked about. */
  readonly lead: CriterionName | undefined;
  /** Probes that have proven nothing for long. */
  readonly blind: readonly Blindness[];
  decide(facts: GuardFacts | undefined, now: number): Decision;
}

/** All criteria on the windows as they are: pure. The facts that the guards need are only worth gathering for a breach. */
export function judge({ windows, state, settings, now }: JudgeInput): Judgement {
  const from = sameClock(judgedFrom(state), now);
  // An application that is down as a whole fails every request: one trouble, with a criterion of its own.
  const seen = availability(windows, settings.rules.unavailable, from, now);
  const heardFrom = Math.max(from, seen.downUntil ?? 0);
  // What the other version leaked, or lies on, says nothing about this one.
  const version = expectedVersion(state, settings.migration.cutoverAt, now);
  const leakedBefore = leakedBeforeOf(settings.probes[version]);
  const connections = connectionsOf(version, windows, settings.rules['database-connection'], now, from);
  const tenants = new Set(settings.target.tenants.map(({ slug }) => slug));
  const verdicts = [
    judgeLeak(windows, settings.rules['cross-tenant-leak'], now, { leakedBefore, from }),
    judgeUnavailable(windows, settings.rules.unavailable, now, from, seen),
    judgeDatabaseConnection(connections, version, settings.rules['database-connection'], now),
    judgeErrorRate('error-rate-severe', windows, settings.rules, now, { tenants, from: heardFrom }),
    judgeErrorRate('error-rate-moderate', windows, settings.rules, now, { tenants, from: heardFrom }),
    judgeLatency('latency-severe', windows, settings.rules, now, {
      baseline: settings.latencyBaseline,
      from: heardFrom,
    }),
    judgeLatency('latency-moderate', windows, settings.rules, now, {
      baseline: settings.latencyBaseline,
      from: heardFrom,
    }),
  ];
  const standing = standingOf(state);
  const lead = leadingBreach(
    verdicts.map((verdict) => underStanding(verdict, standing)),
    standing,
  )?.criterion;
  return {
    verdicts,
    lead,
    blind: lastingBlindness(windows, settings.rules.unavailable, { availability: seen, connections }, from, now),
    decide: (facts, at) =>
      decide({
        verdicts,
        guardResults: facts && lead ? judgeGuards(facts, settings.guard, lead) : [],
        mode: modeInForce(state, at),
        pausedUntil: state.paused?.until,
        containmentPolicy: settings.containment,
        incident: standing,
        now: at,
      }),
  };
}

/** A moment from the future was written down before the clock was set back; the windows hold only looks from after that. */
const sameClock = (moment: number, now: number): number => (moment > now + clockSlack ? 0 : moment);

const leakedBeforeOf = ({ routes }: ProbeSet): ReadonlySet<string> =>
  new Set(routes.filter((route) => route.leakedBefore).map(({ name }) => name));
