import type { GuardResult } from '../../model/guard.ts';
import type { GuardFacts, LegacyDatabaseFact } from './facts.ts';
import { failed, passed } from './result.ts';

/** No legacy database would be replaced unless the configuration says so for that one by name. */
export function judgeLegacyDatabases({ legacyDatabases }: GuardFacts): GuardResult {
  if (!legacyDatabases.known) {
    return failed('legacy-databases', `the legacy databases could not be compared: ${legacyDatabases.reason}`);
  }
  const touched = legacyDatabases.value.filter((database) => database.policy !== 'leave');
  const faults = touched.flatMap(faultOf);
  if (faults.length > 0) return failed('legacy-databases', faults.join('; '));
  return passed('legacy-databases', `${touched.length} legacy databases are equal, absent or may be replaced`);
}

function faultOf({ name, state, onDifferent }: LegacyDatabaseFact): string[] {
  if (!state.known) return [`${name} could not be compared with the backup: ${state.reason}`];
  if (state.value !== 'different' || onDifferent === 'replace') return [];
  return [`${name} differs from the backup and a person decides about it (onDifferent: ask)`];
}
