import type { DaemonState } from '../incident/daemon-state.ts';
import { judgedFrom, modeInForce, standingOf } from '../incident/read-state.ts';
import type { Blindness } from '../model/blindness.ts';
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
import { lastingBlindness } from '../rules/windows/blindness.ts';
import { clockSlack } from '../rules/windows/clock-step.ts';
import type { Windows } from '../rules/windows/windows.ts';
import { expectedVersion } from './version.ts';

export interface EngineSettings {
  readonly rules: RulesConfig;
  readonly guard: GuardConfig;
  readonly containment: 'automatic' | 'ask';
  readonly probes: ProbesConfig;
  /** Who is told first when a deadline passes. */
  readonly notify?: { readonly escalation: readonly string[] };
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
  const leakedBefore = leakedBeforeOf(settings, state, now);
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
    blind: lastingBlindness(windows, settings.rules.unavailable, from, now),
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

/** Of the version that is expected to run: what the legacy one leaked before says nothing about a route of that name now. */
function leakedBeforeOf({ probes, migration }: EngineSettings, state: DaemonState, now: number): ReadonlySet<string> {
  const { routes } = probes[expectedVersion(state, migration.cutoverAt, now)];
  return new Set(routes.filter((route) => route.leakedBefore).map(({ name }) => name));
}
