import { z } from 'zod';
import { type Observation, observation } from '../../model/observation.ts';
import { isWithin, type Looks, type Reading } from './input.ts';
import { linesOf, unreadable } from './lines.ts';

/** The first line of a file of observations. */
export const observationsHeader = z.strictObject({ rollbackd: z.literal('observations'), version: z.literal(1) });

const batch = 1_000;

/** One observation a line, after a line that says so, in the order in which they were made. */
export async function* readObservations(reading: Reading): Looks {
  let line = 0;
  let some: Observation[] = [];
  for (const text of linesOf(reading.file)) {
    line += 1;
    if (line === 1) expectHeader(reading.file, text);
    else if (text.trim() !== '') some.push(...observationIn(text, line, reading));
    if (some.length < batch) continue;
    yield some;
    some = [];
  }
  yield some;
}

function observationIn(text: string, line: number, reading: Reading): Observation[] {
  const read = observation.safeParse(jsonOf(text));
  if (read.success) return isWithin(reading, read.data.at) ? [read.data] : [];
  reading.faults.add(reading.file, line, `no observation: ${whyNot(read.error)}`);
  return [];
}

function whyNot({ issues }: z.ZodError): string {
  const [first] = issues;
  const path = first?.path.map(String).join('.') ?? '';
  return path === '' ? (first?.message ?? 'unknown') : `${path}: ${first?.message}`;
}

function expectHeader(file: string, text: string): void {
  if (observationsHeader.safeParse(jsonOf(text)).success) return;
  throw unreadable(file, 'line 1 must be {"rollbackd":"observations","version":1}: this version knows no other');
}

export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
