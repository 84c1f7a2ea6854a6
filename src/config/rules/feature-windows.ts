import { formatDuration } from '../../core/duration.ts';
import { rule } from '../rule.ts';

/** Requests are remembered for so long. */
const longest = 6 * 3_600_000;

export const featureWindows = rule(['rules'], ({ rules }) =>
  rules['feature-breakage'].windows.flatMap((over, index, windows) => {
    const here = (message: string) => ({ path: ['rules', 'feature-breakage', 'windows', index], message });
    return [
      ...(over > (windows[index - 1] ?? 0) ? [] : [here('must be longer than the window before it')]),
      ...(over > longest ? [here(`must be at most ${formatDuration(longest)}`)] : []),
    ];
  }),
);
