import type { Blindness } from '../model/blindness.ts';
import type { Verdict } from '../model/verdict.ts';
import type { Version } from '../model/version.ts';
import type { Criterion, JudgeInput } from './criteria/criterion.ts';
import { criteria } from './criteria/list.ts';
import type { LatencyBaseline } from './latency-baseline.ts';
import { presentOf } from './samples/clock.ts';
import type { Samples } from './samples/samples.ts';
import type { RulesConfig } from './schema.ts';
import { availability } from './sources/availability.ts';
import { lastingBlindness } from './sources/blindness.ts';
import { connectionsOf } from './sources/connections.ts';

export interface Judging {
  readonly samples: Samples;
  readonly rules: RulesConfig;
  readonly now: number;
  /** Since when the present application runs by itself, as it was written down. */
  readonly judgedFrom: number;
  readonly version: Version;
  readonly tenants: ReadonlySet<string>;
  readonly leakedBefore: ReadonlySet<string>;
  readonly baseline: LatencyBaseline;
}

export interface Judged {
  readonly verdicts: readonly Verdict[];
  /** Probes that have proven nothing for long. */
  readonly blind: readonly Blindness[];
}

/** Every criterion on what was seen lately. */
export function judgeAll({ samples, rules, now, judgedFrom, ...rest }: Judging): Judged {
  const from = presentOf(judgedFrom, samples.steps, now);
  const seen = availability(samples, rules.unavailable, from, now);
  const connections = connectionsOf(rest.version, samples, rules['database-connection'], now, from);
  const tenants = new Set([...rest.tenants, ...known(samples)]);
  const input = { ...rest, tenants, samples, now, from, requests: rules.requests, availability: seen, connections };
  const verdicts: Verdict[] = [];
  for (const each of criteria) verdicts.push(judgeOne(each, rules, { ...input, judged: [...verdicts] }));
  const blind = lastingBlindness(samples, rules.unavailable.for, { availability: seen, connections }, from, now);
  return { verdicts, blind };
}

/** Tenants that the probe has found anywhere, besides those of the configuration: else a slug may be anybody's invention. */
const known = ({ tenants }: Samples): string[] => (tenants.at(-1)?.tenants ?? []).map(({ slug }) => slug);

/** The settings under a criterion's name are of its own schema: `schema.ts` is made of the same list. */
function judgeOne(definition: Criterion, rules: RulesConfig, input: JudgeInput): Verdict {
  const { name, tier, measure, first } = definition;
  const finding = definition.judge(input, (rules as Readonly<Record<string, unknown>>)[name]);
  return { criterion: name, tier, ...(measure && { measure }), ...(first && { first }), ...finding };
}
