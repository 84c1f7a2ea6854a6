import { outcomes } from './judge.ts';
import type { Result } from './results.ts';

const heads = ['cases', ...outcomes, 'missed', 'lost', 'doubled'] as const;

/** Kind of fault x outcome, with what was counted; then each fault with the command that plays it again. */
export function resultTable(results: readonly Result[]): string {
  const kinds = [...new Set(results.map(({ kind }) => kind))];
  const rows = [
    ...kinds.map((kind) =>
      rowOf(
        kind,
        results.filter((one) => one.kind === kind),
      ),
    ),
    rowOf('all', results),
  ];
  const cells = [['kind of fault', ...heads], ...rows];
  const widths = cells[0]?.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0))) ?? [];
  const lines = cells.map((row) =>
    row.map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0))).join('  '),
  );
  const seconds = results.reduce((sum, one) => sum + one.seconds, 0);
  const documents = results.reduce((sum, one) => sum + one.documents, 0);
  return [
    ...lines,
    '',
    `${documents} documents counted in ${results.length} cases, which took ${Math.round(seconds / 60)} min one by one`,
    ...faultLines(results),
  ].join('\n');
}

function rowOf(name: string, results: readonly Result[]): string[] {
  const sum = (which: 'lost' | 'doubled') => results.reduce((total, one) => total + one[which], 0);
  const of = outcomes.map((outcome) => results.filter((one) => one.outcome === outcome).length);
  const missed = results.filter(({ hit }) => !hit).length;
  return [name, ...[results.length, ...of, missed, sum('lost'), sum('doubled')].map(String)];
}

function faultLines(results: readonly Result[]): string[] {
  const faulty = results.filter(({ outcome }) => outcome === 'FAULT');
  return faulty.flatMap(({ id, faults }) => [
    '',
    `FAULT ${id}`,
    ...faults.map((fault) => `  ${fault}`),
    `  again: ${replayOf(id)}`,
  ]);
}

export const replayOf = (id: string): string => `npm run crash-matrix -- --fresh --only '^${id}$'`;
