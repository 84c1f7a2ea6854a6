import { type Document, LineCounter, parseDocument, type YAMLError } from 'yaml';
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

/** A single slip makes the parser stumble over everything that follows: only the first is told. A repeated key is no slip of that kind. */
function syntaxFaults(document: Document, text: string, lineAt: (offset: number) => number): LinedFault[] {
  const found = [...document.errors, ...document.warnings].toSorted((a, b) => a.pos[0] - b.pos[0]);
  const first = found.find((each) => isSlip(each));
  const told = found.filter((each) => each === first || !isSlip(each));
  return told.map((each) => {
    const line = lineAt(each.pos[0]);
    return { line, path: [], message: inWords(each, text.split('\n')[line - 1] ?? '') };
  });
}

const isSlip = ({ name, code }: YAMLError): boolean => name === 'YAMLParseError' && code !== 'DUPLICATE_KEY';

function inWords({ code, message }: YAMLError, line: string): string {
  const unquoted = code === 'UNEXPECTED_TOKEN' && /[{[].*[^"']\$\{/.test(line);
  return unquoted ? `inside { } or [ ] a reference must stand in quotes: "\${NAME}" (${message})` : message;
}

function nearestLine(lines: ReadonlyMap<string, number>, path: Path): number {
  const line = lines.get(pathText(path));
  if (line !== undefined) return line;
  return path.length === 0 ? 1 : nearestLine(lines, path.slice(0, -1));
}
