import { formatDuration } from '../../core/duration.ts';
import { type Act, actNames, type Firing, type Pair, type Past, type Replayed } from '../../replay/replay.ts';

/** One act as machines read it. */
export const actRecord = ({ at, act, criterion, tier, incident, reason }: Act) => ({
  time: new Date(at).toISOString(),
  act,
  criterion: criterion ?? null,
  tier: tier ?? null,
  incident: incident ?? null,
  reason,
});

export function actLines(acts: readonly Act[]): string[] {
  if (acts.length === 0) return ['it would have done nothing'];
  return table([['time (UTC)', 'act', 'criterion', 'tier', 'why'], ...acts.map(rowOf)]);
}

const rowOf = ({ at, act, criterion, tier, reason }: Act): string[] => [
  clock(at),
  act,
  criterion ?? '',
  tier ?? '',
  oneLine(reason),
];

/** `=` both alike, `~` both, at another time, `<` and `>` one alone. */
export function pairLines(pairs: readonly Pair[]): string[] {
  if (pairs.length === 0) return ['neither would have done anything'];
  const rows = pairs.map(({ first, second }) => {
    const { act, criterion = '', reason = '' } = second ?? first ?? {};
    return [markOf({ first, second }), momentOr(first), momentOr(second), act ?? '', criterion, oneLine(reason)];
  });
  return table([['', 'first (UTC)', 'second (UTC)', 'act', 'criterion', 'why'], ...rows]);
}

const momentOr = (act: Act | undefined): string => (act ? clock(act.at) : '-');

function markOf({ first, second }: { first: Act | undefined; second: Act | undefined }): string {
  if (!second) return '<';
  if (!first) return '>';
  return first.at === second.at ? '=' : '~';
}

/** What follows the acts: how many, how long each criterion fired, and what was not judged, or not read. */
export function summaryLines({ past, unusable, doubts }: Replayed): string[] {
  return [
    countLine(past),
    ...firingLines(past.firings),
    ...inputLines(past),
    ...doubts.map((doubt) => `wanting     ${oneLine(doubt)}`),
    ...(unusable.count > 0 ? [`unusable    ${unusable.count} lines of the input`] : []),
    ...unusable.named.map(({ file, line, what }) => `  ${file}:${line}  ${what}`),
    ...(unusable.count > unusable.named.length ? [`  and ${unusable.count - unusable.named.length} more`] : []),
    ...past.refusals.map((refusal) => `FAULT       ${refusal}: please report it`),
  ];
}

function countLine({ acts }: Past): string {
  const counts = actNames
    .map((name) => [name, acts.filter(({ act }) => act === name).length] as const)
    .filter(([, count]) => count > 0)
    .map(([name, count]) => `${count} ${name}`);
  return `acts        ${counts.length > 0 ? counts.join(', ') : 'none'}`;
}

function firingLines(firings: readonly Firing[]): string[] {
  const judged = firings.filter(({ neverJudged }) => neverJudged === undefined);
  const blind = firings.filter(({ neverJudged }) => neverJudged !== undefined);
  return [
    ...judged.map(
      ({ criterion, times, firingMs, pendingMs }) =>
        `firing      ${criterion}: ${times === 0 ? 'never' : `${formatDuration(firingMs)} in all, ${timesOf(times)}`}${pendingMs > 0 ? `; ${formatDuration(pendingMs)} pending` : ''}`,
    ),
    ...blind.map(({ criterion, neverJudged = '' }) => `not judged  ${criterion}: ${oneLine(neverJudged)}`),
  ];
}

const timesOf = (times: number): string => (times === 1 ? 'once' : `${times} times`);

function inputLines({ seen, from, to, gaps, stepsBack, observations }: Past): string[] {
  if (from === undefined || to === undefined) return ['input       nothing that could be judged'];
  const kinds = [...seen].map(([probe, count]) => `${probe} ${count}`).join(', ');
  return [
    `input       ${clock(from)} to ${clock(to)} UTC, ${observations} looks (${kinds})`,
    ...(gaps > 0 ? [`            ${gaps} gaps of more than an hour`] : []),
    ...(stepsBack > 0 ? [`            the clock was set back ${timesOf(stepsBack)}`] : []),
  ];
}

const clock = (at: number): string => new Date(at).toISOString().slice(0, 19).replace('T', ' ');
const oneLine = (text: string): string => text.replaceAll(/\s*\n\s*/g, '; ');

function table(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}
