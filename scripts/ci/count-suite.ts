import { z } from 'zod';
import { firstLines } from './first-lines.ts';
import type { Counts } from './stage.ts';

/** As much of the report of `vitest --reporter=json` as is counted. */
const suiteReport = z.looseObject({
  testResults: z.array(
    z.looseObject({
      name: z.string(),
      status: z.string(),
      message: z.string().optional(),
      assertionResults: z.array(
        z.looseObject({
          fullName: z.string(),
          status: z.string(),
          failureMessages: z.array(z.string()).nullish(),
        }),
      ),
    }),
  ),
});

type FileResult = z.infer<typeof suiteReport>['testResults'][number];
type TestResult = FileResult['assertionResults'][number];

/** Undefined where the text is no report. */
export function countSuite(text: string): Counts | undefined {
  const report = suiteReport.safeParse(parse(text));
  if (!report.success) return undefined;
  const files = report.data.testResults;
  const failures = files.flatMap(failuresOf);
  const tests = files.flatMap(({ assertionResults }) => assertionResults);
  return { passed: tests.filter(hasPassed).length, failed: failures.length, failures };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const hasPassed = ({ status }: TestResult): boolean => status === 'passed';

/** Whatever did not pass has failed: nothing may be skipped here. A file that could not even begin counts beside them. */
function failuresOf({ name, status, message = '', assertionResults }: FileResult): string[] {
  const failed = assertionResults.filter((test) => !hasPassed(test)).map((test) => described(name, test));
  const fell = status === 'failed' && !assertionResults.some((test) => test.status === 'failed');
  return fell ? [`${name}\n${firstLines(message)}`, ...failed] : failed;
}

function described(file: string, { fullName, status, failureMessages }: TestResult): string {
  const why = failureMessages?.length ? firstLines(failureMessages.join('\n')) : `  ${status}: nothing may be left out`;
  return `${file} > ${fullName}\n${why}`;
}
