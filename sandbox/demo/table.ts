import { compressed } from './pace.ts';
import type { Outcome } from './scenarios/outcome.ts';
import type { Status } from './status.ts';

/** The closing table: what was measured, and what the demo had compressed. */
export function closingTable(scenario: string, outcome: Outcome): string {
  const lines = [
    '',
    `scenario ${scenario}`,
    ...rows(summary(outcome)),
    '',
    ...tenantTable(outcome),
    ...stepTable(outcome.status),
    ...threadTable(outcome),
    'compressed for the demonstration',
    ...rows(compressed.map(({ setting, demo, usual }) => [setting, `${demo} (usually ${usual})`])),
    '',
    ...lastWord(outcome),
  ];
  return lines.join('\n');
}

function lastWord({ amiss, skipped }: Outcome): readonly string[] {
  if (amiss.length > 0) return ['AMISS', ...amiss.map((each) => `  ${each}`)];
  return [skipped === undefined ? 'the oracle agrees' : `skipped: ${skipped}`];
}

const rows = (pairs: readonly (readonly [string, string])[]): string[] =>
  pairs.map(([name, value]) => `  ${name.padEnd(34)} ${value}`);

const seconds = (ms: number): string => `${(ms / 1_000).toFixed(2)} s`;

function summary({ leak, status, faultAt }: Outcome): [string, string][] {
  const found: [string, string][] = [];
  const opened = status?.incident?.openedAt;
  if (faultAt !== undefined && opened !== undefined) found.push(['fault to detected', seconds(opened - faultAt)]);
  if (leak?.firstLeakAt !== undefined) {
    found.push(['answers leaked', String(leak.leakedAnswers)]);
    if (leak.containedAt !== undefined) {
      found.push(['first leaked answer to contained', seconds(leak.containedAt - leak.firstLeakAt)]);
    }
  }
  if (status?.run) found.push(['decision', `${status.run.kind}, on the word of: ${status.run.authority.by}`]);
  const down = downtimeOf(status, leak?.noListenerAt ?? faultAt);
  if (down !== undefined) found.push(['downtime', seconds(down)]);
  return found;
}

/** From the moment the users lost the application to the moment they were let in again. */
function downtimeOf(status: Status | undefined, goneAt: number | undefined): number | undefined {
  const back = status?.run?.steps.find(({ id }) => id === 'enable-traffic');
  if (back?.startedAt === undefined || back.tookMs === undefined || goneAt === undefined) return undefined;
  return back.startedAt + back.tookMs - goneAt;
}

function tenantTable({ perTenant }: Outcome): string[] {
  if (perTenant.length === 0) return [];
  const each = perTenant.map(({ slug, before, after, added }): [string, string] => [
    slug,
    `${before} before, ${after} after, ${added} new since`,
  ]);
  return ['documents per tenant', ...rows(each), ''];
}

function threadTable({ thread = [] }: Outcome): string[] {
  return thread.length === 0 ? [] : ['said in Slack', ...thread.map((text) => `  ${text.split('\n')[0]}`), ''];
}

function stepTable(status: Status | undefined): string[] {
  const steps = status?.run?.steps ?? [];
  if (steps.length === 0) return [];
  const each = steps.map(({ id, phase, status: state, tookMs }): [string, string] => [
    id,
    `${phase.padEnd(8)} ${state}${tookMs === undefined ? '' : ` in ${seconds(tookMs)}`}`,
  ]);
  return ['steps', ...rows(each), ''];
}
