/** Everything before and after a namespace is the tools' own, to the end of the message: a collection may be called anything. */
const DUMPED = /^\S+\tdone dumping (?<namespace>.+) \((?<documents>\d+) documents?\)$/s;
const RESTORED =
  /^\S+\tfinished restoring (?<namespace>.+) \((?<documents>\d+) documents?, (?<failures>\d+) failures?\)$/s;
const SUMMARY =
  /^\S+\t(?<documents>\d+) document\(s\) restored successfully\. (?<failures>\d+) document\(s\) failed[^\n]*$/;
/** A message begins with its time; what does not is a name's line break, after which the message goes on. */
const BEGINS = /^\d{4}-\d\d-\d\dT\S+\t/;

export interface RestoreSummary {
  readonly documents: number;
  readonly failures: number;
}

/** How much is kept of what a tool says besides its reports: one that fails says a line for every document. */
const TAIL_LINES = 50;
const LONGEST_LINE = 2_000;

export interface ToolOutput {
  /** Takes one line of the tool. */
  readonly onLine: (line: string) => void;
  /** Messages that a report is made of: a few for each collection. */
  readonly reports: readonly string[];
  /** The last lines of all, cut. */
  readonly tail: readonly string[];
}

export function keepOutput(): ToolOutput {
  const reports: string[] = [];
  const tail: string[] = [];
  let message = '';
  const onLine = (line: string) => {
    if (BEGINS.test(line)) message = line;
    else message = message === '' || message.length > LONGEST_LINE ? '' : `${message}\n${line}`;
    if (message !== '' && [DUMPED, RESTORED, SUMMARY].some((pattern) => pattern.test(message))) reports.push(message);
    tail.push(line.slice(0, LONGEST_LINE));
    if (tail.length > TAIL_LINES) tail.shift();
  };
  return { onLine, reports, tail };
}

/** Collection -> documents, of the lines that say a collection is done. */
export function dumpedCollections(lines: readonly string[], database: string): Map<string, number> {
  return new Map(
    matches(lines, DUMPED).flatMap(({ namespace, documents }) => {
      const collection = collectionOf(namespace, database);
      return collection === undefined ? [] : [[collection, Number(documents)] as const];
    }),
  );
}

export function restoredCollections(lines: readonly string[], database: string): Map<string, RestoreSummary> {
  return new Map(
    matches(lines, RESTORED).flatMap(({ namespace, documents, failures }) => {
      const collection = collectionOf(namespace, database);
      const summary = { documents: Number(documents), failures: Number(failures) };
      return collection === undefined ? [] : [[collection, summary] as const];
    }),
  );
}

/** The last line of a restore; absent where the tool did not get that far. */
export function restoreSummary(lines: readonly string[]): RestoreSummary | undefined {
  const found = matches(lines, SUMMARY).at(-1);
  return found && { documents: Number(found.documents), failures: Number(found.failures) };
}

function matches(lines: readonly string[], pattern: RegExp): Record<string, string>[] {
  return lines.flatMap((line) => {
    const groups = pattern.exec(line)?.groups;
    return groups ? [groups] : [];
  });
}

/** Newer tools put the namespace between backticks, older ones do not. */
function collectionOf(namespace: string | undefined, database: string): string | undefined {
  const bare = namespace?.startsWith('`') ? namespace.slice(1, -1) : namespace;
  return bare?.startsWith(`${database}.`) ? bare.slice(database.length + 1) : undefined;
}
