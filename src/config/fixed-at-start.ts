import { fingerprint } from './fingerprint.ts';
import type { Config } from './schema.ts';

/** What a reload cannot change: the lock, the journal, the metrics and the doors were opened with it. */
export function fixedAtStart(before: Config, after: Config): string[] {
  const changed: [string, boolean][] = [
    ['target.name', before.target.name !== after.target.name],
    ['doors', fingerprint(before.doors) !== fingerprint(after.doors)],
    ['state', fingerprint(before.state) !== fingerprint(after.state)],
  ];
  return changed.flatMap(([path, differs]) => (differs ? [`${path} can only be changed by a restart`] : []));
}
