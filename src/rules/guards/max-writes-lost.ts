import type { GuardResult } from '../../model/guard.ts';
import { formatInstant } from '../instant.ts';
import type { GuardConfig, WriteLimit } from '../schema.ts';
import type { GuardFacts, WritesLost } from './facts.ts';
import { failed, passed } from './result.ts';

const kinds = ['inserts', 'updates', 'deletes'] as const;
type Kind = (typeof kinds)[number];

/** The cost of a rollback: what the application wrote since cut-over and would lose. */
export function judgeMaxWritesLost(facts: GuardFacts, { maxWritesLost }: GuardConfig): GuardResult {
  const { writesLost, cutoverAt, now } = facts;
  if (!maxWritesLost) return failed('max-writes-lost', 'maxWritesLost is not written in the configuration');
  if (cutoverAt > now) {
    const reason = `cut-over (${formatInstant(cutoverAt)}) lies in the future: the writes since then cannot be counted`;
    return failed('max-writes-lost', reason);
  }
  const unlimited = kinds.every((kind) => maxWritesLost[kind] === 'unlimited');
  if (!writesLost.known) {
    return unlimited
      ? passed(
          'max-writes-lost',
          `writes since cut-over not counted (${writesLost.reason}), unlimited by configuration`,
        )
      : failed('max-writes-lost', `writes since cut-over could not be counted: ${writesLost.reason}`);
  }
  const faults = kinds.flatMap((kind) => overLimit(kind, writesLost.value[kind], maxWritesLost[kind]));
  return faults.length > 0
    ? failed('max-writes-lost', `${faults.join('; ')} (${perTenant(writesLost.value)})`)
    : passed('max-writes-lost', kinds.map((k) => said(k, writesLost.value[k], maxWritesLost[k])).join(', '));
}

function overLimit(kind: Kind, count: number | undefined, limit: WriteLimit): string[] {
  if (limit === 'unlimited') return [];
  if (count === undefined) return [`${kind} since cut-over cannot be counted (limit ${limit})`];
  return count <= limit ? [] : [`${count} ${kind} since cut-over would be lost (limit ${limit})`];
}

const said = (kind: Kind, count: number | undefined, limit: WriteLimit): string =>
  `${count ?? 'uncounted'} ${kind} would be lost (limit ${limit})`;

function perTenant({ perTenant: counts }: WritesLost): string {
  const worst = Object.entries(counts).sort(([, a], [, b]) => b - a);
  if (worst.length === 0) return 'by tenant: unknown';
  const shown = worst.slice(0, 5).map(([tenant, count]) => `${tenant} ${count}`);
  return `by tenant: ${shown.join(', ')}${worst.length > 5 ? ` and ${worst.length - 5} more` : ''}`;
}
