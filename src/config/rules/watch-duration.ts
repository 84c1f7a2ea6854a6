import { rule } from '../rule.ts';

/** Runbook: monitor the system for 2-4 hours after a rollback. */
const hour = 60 * 60 * 1_000;

export const watchDuration = rule(['watch'], ({ watch }) => {
  const path = ['watch', 'duration'];
  if (watch.duration > 4 * hour) return [{ path, message: 'must be at most 4h' }];
  if (watch.duration >= 2 * hour || watch.compressed) return [];
  return [{ path, message: 'must be at least 2h (watch.compressed: true allows less, for a demonstration)' }];
});
