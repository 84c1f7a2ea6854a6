import type { DaemonState } from '../incident/daemon-state.ts';
import { judgedFrom, modeInForce, standingOf } from '../incident/read-state.ts';
import type { Decision } from '../model/decision.ts';
import type { CriterionName, Verdict } from '../model/verdict.ts';
import type { ProbesConfig } from '../probes/schema.ts';
import { judgeLeak } from '../rules/criteria/cross-tenant-leak.ts';
import { judgeUnavailable } from '../rules/criteria/unavailable.ts';
import { decide } from '../rules/decide.ts';
import type { GuardFacts } from '../rules/guards/facts.ts';
import { judgeGuards } from '../rules/guards/guards.ts';
import { leadingBreach } from '../rules/leading-breach.ts';
import type { GuardConfig, RulesConfig } from '../rules/schema.ts';
import { underStanding } from '../rules/standing.ts';
import type { Windows } from '../rules/windows/windows.ts';

export interface EngineSettings {
  readonly rules: RulesConfig;
  readonly guard: GuardConfig;
  readonly containment: 'automatic' | 'ask';
  readonly probes: ProbesConfig;
  /** Who is told first when a deadline passes. */
  readonly notify?: { readonly escalation: readonly string[] };
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
  decide(facts: GuardFacts | undefined, now: number): Decision;
}

/** All criteria on the windows as they are: pure. The facts that the guards need are only worth gathering for a breach. */
export function judge({ windows, state, settings, now }: JudgeInput): Judgement {
  const from = judgedFrom(state);
  const leakedBefore = leakedBeforeOf(settings);
  const verdicts = [
    judgeLeak(windows, settings.rules['cross-tenant-leak'], now, { leakedBefore, from }),
    judgeUnavailable(windows, settings.rules.unavailable, now, from),
  ];
  const standing = standingOf(state);
  const lead = leadingBreach(
    verdicts.map((verdict) => underStanding(verdict, standing)),
    standing,
  )?.criterion;
  return {
    verdicts,
    lead,
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

function leakedBeforeOf({ probes }: EngineSettings): ReadonlySet<string> {
  const routes = [...probes.unified.routes, ...probes.legacy.routes];
  return new Set(routes.filter((route) => route.leakedBefore).map(({ name }) => name));
}
