import { formatDuration } from '../../core/duration.ts';
import { rule } from '../rule.ts';

const shortest = 1_000;
/** Four times as much is looked at to tell that trouble is resolved, and little more is remembered. */
const longest = 3_600_000;
/** Each window is looked at in so many parts. */
const parts = 6;

export const requestWindows = rule(['rules'], ({ rules }) => {
  const { slot, windows } = rules.requests;
  const at = (path: readonly (string | number)[], message: string) => ({
    path: ['rules', 'requests', ...path],
    message,
  });
  return [
    ...(slot < shortest ? [at(['slot'], `must be at least ${formatDuration(shortest)}`)] : []),
    ...windows.flatMap(({ over }, index) => {
      const here = (message: string) => at(['windows', index, 'over'], message);
      const before = windows[index - 1]?.over ?? 0;
      return [
        ...(over % (parts * slot) === 0
          ? []
          : [here(`must be a multiple of ${parts} slots of ${formatDuration(slot)}`)]),
        ...(over >= before ? [] : [here('must not be shorter than the window before it')]),
        ...(over > longest ? [here(`must be at most ${formatDuration(longest)}`)] : []),
      ];
    }),
  ];
});
