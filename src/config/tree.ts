import { type Alias, type Document, isAlias, isMap, isScalar, isSeq, type Pair, type Scalar, type YAMLMap } from 'yaml';
import { type LinedFault, type Path, pathText } from './fault.ts';
import { isOneReference, type ReferenceSources, resolveReferences } from './references.ts';

export interface Tree {
  readonly value: unknown;
  readonly lines: ReadonlyMap<string, number>;
  readonly faults: readonly LinedFault[];
  readonly references: readonly Path[];
  readonly unresolved: ReadonlySet<string>;
}

interface Reading {
  readonly document: Document;
  readonly sources: ReferenceSources;
  readonly lineAt: (offset: number) => number;
  readonly lines: Map<string, number>;
  readonly faults: LinedFault[];
  readonly references: Path[];
  readonly unresolved: Set<string>;
  /** Anchored nodes that are being read right now: an alias to one of them would never end. */
  readonly open: Set<unknown>;
  nodes: number;
}

/** No configuration has as many values; aliases of aliases of aliases have. */
const nodeLimit = 50_000;

export function readTree(document: Document, sources: ReferenceSources, lineAt: (offset: number) => number): Tree {
  const reading: Reading = {
    document,
    sources,
    lineAt,
    lines: new Map(),
    faults: [],
    references: [],
    unresolved: new Set(),
    open: new Set(),
    nodes: 0,
  };
  return { ...reading, value: readNode(reading, document.contents, [], 1) };
}

function readNode(reading: Reading, node: unknown, path: Path, line: number): unknown {
  reading.lines.set(pathText(path), line);
  if (reading.open.has(node)) return fault(reading, path, line, 'an alias of what it stands in');
  if (++reading.nodes > nodeLimit)
    return reading.nodes > nodeLimit + 1
      ? null
      : fault(reading, path, line, 'more values than any configuration has: aliases of aliases?');
  reading.open.add(node);
  try {
    if (isAlias(node)) return readAlias(reading, node, path, line);
    if (isMap(node)) return Object.fromEntries(readEntries(reading, node, path));
    if (isSeq(node))
      return node.items.map((item, index) => readNode(reading, item, [...path, index], lineOf(reading, item, line)));
    return isScalar(node) ? readScalar(reading, node, path, line) : null;
  } finally {
    reading.open.delete(node);
  }
}

function readAlias(reading: Reading, alias: Alias, path: Path, line: number): unknown {
  const node = alias.resolve(reading.document);
  return node
    ? readNode(reading, node, path, line)
    : fault(reading, path, line, `no anchor &${alias.source} stands before it`);
}

/** Merged keys (`<<`) first, so that the map's own keys win. */
function readEntries(reading: Reading, map: YAMLMap, path: Path): [string, unknown][] {
  const merged = map.items.filter(isMerge).flatMap((pair) => readMerged(reading, pair, path));
  const own = map.items
    .filter((pair) => !isMerge(pair))
    .map((pair): [string, unknown] => {
      const key = isScalar(pair.key) ? String(pair.key.value) : String(pair.key);
      return [key, readNode(reading, pair.value, [...path, key], lineOf(reading, pair.key, 1))];
    });
  return [...merged, ...own];
}

const isMerge = (pair: Pair) => isScalar(pair.key) && (pair.key.value === '<<' || typeof pair.key.value === 'symbol');

function readMerged(reading: Reading, pair: Pair, path: Path): [string, unknown][] {
  const line = lineOf(reading, pair.key, 1);
  const values = [readNode(reading, pair.value, path, line)].flat();
  return values.flatMap((value) => (value !== null && typeof value === 'object' ? Object.entries(value) : []));
}

function readScalar(reading: Reading, scalar: Scalar, path: Path, line: number): unknown {
  const { value } = scalar;
  if (typeof value !== 'string' || !value.includes('${')) return value;
  const resolved = resolveReferences(value, reading.sources);
  if (!resolved.ok) {
    reading.unresolved.add(pathText(path));
    return fault(reading, path, line, resolved.message, value);
  }
  if (isOneReference(value)) reading.references.push(path);
  return resolved.text;
}

function lineOf(reading: Reading, node: unknown, otherwise: number): number {
  const start = isScalar(node) || isMap(node) || isSeq(node) || isAlias(node) ? node.range?.[0] : undefined;
  return start === undefined ? otherwise : reading.lineAt(start);
}

function fault(reading: Reading, path: Path, line: number, message: string, value: unknown = null): unknown {
  reading.faults.push({ path, line, message });
  return value;
}
