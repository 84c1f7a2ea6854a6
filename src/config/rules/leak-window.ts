import { formatDuration } from '../../core/duration.ts';
import { rule } from '../rule.ts';

/** A window that its own samples do not fit into would never see a leak. */
export const leakWindow = rule(['rules', 'probes'], ({ rules, probes }) => {
  const { samples, window } = rules['cross-tenant-leak'];
  const needed = samples * probes.isolationEvery;
  if (needed <= window) return [];
  const message = `is too short for ${samples} looks, one every ${formatDuration(probes.isolationEvery)}`;
  return [{ path: ['rules', 'cross-tenant-leak', 'window'], message }];
});
