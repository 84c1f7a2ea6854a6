import { LineCounter, parseDocument, type YAMLError } from 'yaml';
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
  /** Paths whose whole value came from one unquoted reference, so that YAML might have typed it. */
  readonly references: readonly Path[];
  /** Paths that could not be filled in: whatever else is said about them is noise. */
  readonly unresolved: ReadonlySet<string>;
}

export function readDocument(text: string, sources: ReferenceSources): ReadDocument {
  const counter = new LineCounter();
  const document = parseDocument(text, { merge: true, prettyErrors: false, lineCounter: counter });
  const lineAt = (offset: number) => counter.linePos(offset).line;
  const tree = readTree(document, sources, lineAt);
  const syntax = [...document.errors, ...document.warnings];
  return {
    ...tree,
    readable: document.errors.every((error) => error.code === 'DUPLICATE_KEY'),
    faults: [...syntax.map((error) => syntaxFault(error, lineAt)), ...tree.faults],
    lineOf: (path) => nearestLine(tree.lines, path),
  };
}

function syntaxFault(error: YAMLError, lineAt: (offset: number) => number): LinedFault {
  return { line: lineAt(error.pos[0]), path: [], message: error.message };
}

function nearestLine(lines: ReadonlyMap<string, number>, path: Path): number {
  const line = lines.get(pathText(path));
  if (line !== undefined) return line;
  return path.length === 0 ? 1 : nearestLine(lines, path.slice(0, -1));
}
