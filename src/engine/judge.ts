import type { DaemonState } from '../incident/daemon-state.ts';
import { judgedFrom, modeInForce, standingOf } from '../incident/read-state.ts';
import type { Blindness } from '../model/blindness.ts';
import type { Decision } from '../model/decision.ts';
import type { CriterionName, Verdict } from '../model/verdict.ts';
import type { ProbeSet, ProbesConfig, TargetConfig } from '../probes/schema.ts';
import { decide } from '../rules/decide.ts';
import type { GuardFacts } from '../rules/guards/facts.ts';
import { judgeGuards } from '../rules/guards/guards.ts';
import { judgeAll } from '../rules/judge.ts';
import type { LatencyBaseline } from '../rules/latency-baseline.ts';
import { leadingBreach } from '../rules/leading-breach.ts';
import type { Samples } from '../rules/samples/samples.ts';
import type { GuardConfig, RulesConfig } from '../rules/schema.ts';
import { underStanding } from '../rules/standing.ts';
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
  readonly samples: Samples;
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

/** All criteria on the samples as they are: pure. The facts that the guards need are only worth gathering for a breach. */
export function judge({ samples, state, settings, now }: JudgeInput): Judgement {
  const { rules, probes, target, migration, latencyBaseline } = settings;
  // What the other version leaked, or lies on, says nothing about this one.
  const version = expectedVersion(state, migration.cutoverAt, now);
  const { verdicts, blind } = judgeAll({
    samples,
    rules,
    now,
    judgedFrom: judgedFrom(state),
    version,
    tenants: new Set(target.tenants.map(({ slug }) => slug)),
    leakedBefore: leakedBeforeOf(probes[version]),
    baseline: latencyBaseline,
  });
  const standing = standingOf(state);
  const lead = leadingBreach(
    verdicts.map((verdict) => underStanding(verdict, standing)),
    standing,
  )?.criterion;
  return {
    verdicts,
    lead,
    blind,
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

const leakedBeforeOf = ({ routes }: ProbeSet): ReadonlySet<string> =>
  new Set(routes.filter((route) => route.leakedBefore).map(({ name }) => name));
