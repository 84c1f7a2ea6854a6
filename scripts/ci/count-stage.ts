import { countSuite } from './count-suite.ts';
import { firstLines, lastLines } from './first-lines.ts';
import type { Counts } from './stage.ts';

export interface Ended {
  readonly name: string;
  readonly code: number;
  /** All that it wrote. */
  readonly output: string;
  /** What vitest reported; undefined where it is no suite, empty where there is none. */
  readonly report: string | undefined;
}

const LOG_LINES = 30;
const REASONS = 7;
const REASON_WIDTH = 1_500;
const SAID_LAST = 13;

export function countStage({ name, code, output, report }: Ended): Counts {
  const counted = report === undefined ? undefined : countSuite(report);
  if (counted && (code === 0 || counted.failed > 0)) return counted;
  if (code === 0 && report === undefined) return { passed: 1, failed: 0, failures: [] };
  const why = report !== undefined && !counted ? `${name} left no report` : `${name} ended with ${code}`;
  return { passed: counted?.passed ?? 0, failed: 1, failures: [`${why}\n${lastWords(output)}`] };
}

/** What a demo found amiss, with what rollbackd said last; else the end of the log. */
function lastWords(output: string): string {
  const amiss = from(output, 'AMISS');
  if (amiss === undefined) return lastLines(output, LOG_LINES);
  const said = from(output, 'rollbackd said last');
  return [...(said ? [firstLines(said, SAID_LAST)] : []), firstLines(amiss, REASONS, REASON_WIDTH)].join('\n');
}

/** From the line with just these words on. */
function from(output: string, words: string): string | undefined {
  const lines = output.split('\n');
  const at = lines.lastIndexOf(words);
  return at < 0 ? undefined : lines.slice(at).join('\n');
}
