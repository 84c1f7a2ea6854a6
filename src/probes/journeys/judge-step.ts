import { describeSilence, type Reply } from '../ask.ts';
import { readPath } from '../json-path.ts';
import type { JourneyStep } from './schema.ts';
import { fill, type Value, type Variables } from './variables.ts';

export type StepEnd =
  | { readonly outcome: 'passed'; readonly saved: Variables }
  | { readonly outcome: 'failed' | 'inconclusive'; readonly reason: string };

type Expected = Pick<JourneyStep, 'expectStatus' | 'expectJson' | 'save'>;

/** What an answer is worth against what its step expects. Reasons name places in the answer and never what stands there. */
export function judgeStep(step: Expected, reply: Reply, variables: Variables): StepEnd {
  if (!reply.answered) return { outcome: 'failed', reason: describeSilence(reply.why) };
  const { status, body } = reply;
  if (!step.expectStatus.includes(status)) {
    // The application protects itself: that is no outage.
    return { outcome: status === 429 ? 'inconclusive' : 'failed', reason: `status ${status}` };
  }
  const { saved, missing } = savedFrom(step.save, body);
  const reason = whyUnexpected(step.expectJson, body, variables) ?? (missing && `no ${missing}`);
  return reason === undefined ? { outcome: 'passed', saved } : { outcome: 'failed', reason };
}

function whyUnexpected(expected: JourneyStep['expectJson'], body: unknown, variables: Variables): string | undefined {
  for (const [path, template] of Object.entries(expected)) {
    const found = readPath(body, path);
    if (found.length === 0) return `no ${path}`;
    const value = fill(template, variables);
    if (!found.includes(value)) return `${path} is not ${template}`;
  }
  return undefined;
}

function savedFrom(save: JourneyStep['save'], body: unknown): { saved: Variables; missing: string | undefined } {
  const found = Object.entries(save).map(([name, path]) => ({ name, path, value: readPath(body, path).find(isValue) }));
  return {
    saved: Object.fromEntries(found.flatMap(({ name, value }) => (value === undefined ? [] : [[name, value]]))),
    missing: found.find(({ value }) => value === undefined)?.path,
  };
}

const isValue = (found: unknown): found is Value =>
  typeof found === 'string' ? leadsSomewhere(found) : typeof found === 'number' || typeof found === 'boolean';

/** As part of a path `''`, `.` and `..` would lead to another place: to the list of all instead of one document. */
const leadsSomewhere = (text: string): boolean => !['', '.', '..'].includes(text) && text.isWellFormed();
