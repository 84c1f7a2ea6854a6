import type { z } from 'zod';
import { type Path, pathText } from './fault.ts';

/** The value again, with each complained-of reference that reads as a number or a truth value turned into one. */
export function typedReferences(
  value: unknown,
  references: readonly Path[],
  issues: readonly z.core.$ZodIssue[],
): unknown {
  const complaints = new Set(issues.map((issue) => pathText(issue.path as Path)));
  return references
    .filter((path) => complaints.has(pathText(path)))
    .reduce((changed, path) => replaceAt(changed, path, typed), value);
}

function replaceAt(value: unknown, path: Path, change: (leaf: unknown) => unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return change(value);
  if (Array.isArray(value)) return value.map((item, index) => (index === key ? replaceAt(item, rest, change) : item));
  const members = Object.entries(value as object);
  return Object.fromEntries(
    members.map(([name, member]) => [name, name === key ? replaceAt(member, rest, change) : member]),
  );
}

function typed(leaf: unknown): unknown {
  const text = String(leaf);
  if (text === 'true' || text === 'false') return text === 'true';
  return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : leaf;
}
