import { RollbackdError } from '../../core/errors.ts';
import type { DumpReport, RestoreReport } from './contract.ts';
import { dumpedCollections, restoredCollections, restoreSummary } from './tool-output.ts';

export const toolNames = ['mongodump', 'mongorestore'] as const;
export type ToolName = (typeof toolNames)[number];

/** What mongodump said, against the files that it left. */
export function dumpReport(lines: readonly string[], database: string, files: readonly string[]): DumpReport {
  const done = dumpedCollections(lines, database);
  if (done.size === 0) throw silent('mongodump', `said nothing about "${database}": it may not exist`);
  const unsaid = files.filter((collection) => !done.has(collection));
  const unwritten = [...done.keys()].filter((name) => !name.startsWith('system.') && !files.includes(name));
  if (unsaid.length > 0) throw silent('mongodump', `did not say that it finished ${unsaid.join(', ')}`);
  if (unwritten.length > 0) throw silent('mongodump', `said that it dumped ${unwritten.join(', ')}, but wrote no file`);
  return { documents: Object.fromEntries(done) };
}

/** The first half of the success rule; that the counts are those of the dump is for the caller to check. */
export function restoreReport(lines: readonly string[], database: string, expected: readonly string[]): RestoreReport {
  const done = restoredCollections(lines, database);
  const summary = restoreSummary(lines);
  const unsaid = expected.filter((collection) => !done.has(collection));
  if (!summary) throw silent('mongorestore', `said nothing at its end about "${database}"`);
  if (unsaid.length > 0) throw silent('mongorestore', `did not say that it finished ${unsaid.join(', ')}`);
  const failures = Math.max(summary.failures, total([...done.values()].map((each) => each.failures)));
  if (failures > 0) throw failed('mongorestore', `could not restore ${failures} documents of "${database}"`);
  const documents = total([...done.values()].map((each) => each.documents));
  if (documents !== summary.documents) {
    throw silent('mongorestore', `named ${documents} documents by collection, but ${summary.documents} at its end`);
  }
  return { restored: Object.fromEntries([...done].map(([name, each]) => [name, each.documents])), failed: 0 };
}

const total = (numbers: readonly number[]): number => numbers.reduce((sum, number) => sum + number, 0);

export function failed(tool: ToolName, detail: string): RollbackdError<'tool-failed'> {
  return new RollbackdError('tool-failed', `${tool} ${detail}`);
}

function silent(tool: ToolName, detail: string): RollbackdError<'tool-silent'> {
  return new RollbackdError('tool-silent', `${tool} ended with code 0, but ${detail}`, {
    remedy: `check that mongo.tools.${tool} is the real program of the MongoDB database tools`,
  });
}
