import type { StageResult } from './stage.ts';

/** How long each stage took, each failure once more, and in the last line the sum. */
/** `seconds`: from the first to the last, since some go side by side. */
export function summary(results: readonly StageResult[], seconds: number): string {
  const failures = results.flatMap(({ name, counts }) => counts.failures.map((each) => `in ${name}: ${each}`));
  const sum = (which: 'passed' | 'failed') => results.reduce((total, { counts }) => total + counts[which], 0);
  return [
    ...['', '===== stages', ...results.map(stageLine), `${inSeconds(seconds)}  in all`],
    ...(failures.length === 0 ? [] : ['', '===== once more, what failed', ...failures]),
    ...['', `${sum('passed')} passed, ${sum('failed')} failed`, ''],
  ].join('\n');
}

const inSeconds = (seconds: number): string => `${seconds.toFixed(0).padStart(5)}s`;

const stageLine = ({ name, code, seconds, counts }: StageResult): string =>
  `${inSeconds(seconds)}  exit ${code}  ${name}: ${counts.passed} passed, ${counts.failed} failed`;
