import { type Document, LineCounter, parseDocument } from 'yaml';
import { type LinedFault, type Path, pathText } from './fault.ts';
import type { ReferenceSources } from './references.ts';
import { readTree } from './tree.ts';

/** A YAML text as plain values, with its references put in and the line of every value remembered. */
export interface ReadDocument {
  readonly value: unknown;
  /** False where the text is no YAML: then `value` means nothing. */
  readonly readable: boolean;
  readonly faults: readonly LinedFault[];
  /** The line of a path, or of the nearest thing around it. */
  readonly lineOf: (path: Path) => number;
  /** Paths whose whole value came from one reference: it may be meant as a number. */
  readonly references: readonly Path[];
  /** Paths that could not be filled in: whatever else is said about them is noise. */
  readonly unresolved: ReadonlySet<string>;
}

export function readDocument(text: string, sources: ReferenceSources): ReadDocument {
  const counter = new LineCounter();
  const document = parseDocument(text, { merge: true, prettyErrors: false, lineCounter: counter });
  const lineAt = (offset: number) => counter.linePos(offset).line;
  const tree = readTree(document, sources, lineAt);
  return {
    ...tree,
    readable: document.errors.every((error) => error.code === 'DUPLICATE_KEY'),
    faults: [...syntaxFaults(document, text, lineAt), ...tree.faults],
    lineOf: (path) => nearestLine(tree.lines, path),
  };
}

/** One a line: a single slip makes the parser stumble over every token that follows. */
function syntaxFaults(document: Document, text: string, lineAt: (offset: number) => number): LinedFault[] {
  const lines = text.split('\n');
  const faults = new Map<number, LinedFault>();
  for (const { pos, code, message } of [...document.errors, ...document.warnings]) {
    const line = lineAt(pos[0]);
    const unquoted = code === 'UNEXPECTED_TOKEN' && /[{[].*[^"']\$\{/.test(lines[line - 1] ?? '');
    const hint = unquoted ? ' (inside { } or [ ] a reference must stand in quotes)' : '';
    if (!faults.has(line)) faults.set(line, { line, path: [], message: `${message}${hint}` });
  }
  return [...faults.values()];
}

function nearestLine(lines: ReadonlyMap<string, number>, path: Path): number {
  const line = lines.get(pathText(path));
  if (line !== undefined) return line;
  return path.length === 0 ? 1 : nearestLine(lines, path.slice(0, -1));
}
