import { formatDuration } from '../../core/duration.ts';
import { rule } from '../rule.ts';

const shortest = 1_000;
/** A breach is a row of slots: longer than this nobody wants to wait for one, and little more is remembered. */
const longestRow = 2 * 3_600_000;

/** A slot into which too little fits would never prove anything. */
export const requestSlots = rule(['rules', 'probes'], ({ rules, probes }) => {
  const { slot, slots, syntheticSamples } = rules.requests;
  const { requestsEvery, syntheticEvery } = probes;
  const at = (key: string, message: string) => ({ path: ['rules', 'requests', key], message });
  const own = Math.floor(slot / syntheticEvery);
  return [
    ...(slot < shortest ? [at('slot', `must be at least ${formatDuration(shortest)}`)] : []),
    ...(slot < requestsEvery ? [at('slot', 'must not be shorter than probes.requestsEvery')] : []),
    ...(slot * slots > longestRow
      ? [at('slots', `are ${formatDuration(slot * slots)} together: at most ${formatDuration(longestRow)}`)]
      : []),
    ...(own < syntheticSamples
      ? [at('syntheticSamples', `cannot be reached: a slot has ${own} (probes.syntheticEvery)`)]
      : []),
  ];
});
