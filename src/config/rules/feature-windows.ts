import { formatDuration } from '../../core/duration.ts';
import { leastAgeMs } from '../../rules/samples/limits.ts';
import { rule } from '../rule.ts';

export const featureWindows = rule(['rules'], ({ rules }) =>
  rules['feature-breakage'].windows.flatMap((over, index, windows) => {
    const here = (message: string) => ({ path: ['rules', 'feature-breakage', 'windows', index], message });
    return [
      ...(over > (windows[index - 1] ?? 0) ? [] : [here('must be longer than the window before it')]),
      ...(over > leastAgeMs ? [here(`must be at most ${formatDuration(leastAgeMs)}`)] : []),
    ];
  }),
);
