import type { z } from 'zod';
import type { ReadDocument } from './document.ts';
import { type LinedFault, type PlacedFault, pathText } from './fault.ts';
import { explainIssue } from './issues.ts';
import { rules } from './rules/all.ts';
import { type Config, configSchema } from './schema.ts';
import { typedReferences } from './typed-references.ts';

export type Parsed =
  | { readonly status: 'valid'; readonly config: Config }
  | { readonly status: 'invalid'; readonly faults: readonly LinedFault[] };

/** Everything that is wrong at once: what one look finds must not wait for the next. */
export function parseDocument(document: ReadDocument): Parsed {
  if (!document.readable) return { status: 'invalid', faults: document.faults };
  const { value, result } = parseTyped(document);
  const issues = result.error?.issues ?? [];
  const told = [...issues.flatMap(explainIssue), ...brokenRules(soundSections(value, issues))];
  const faults = [
    ...document.faults,
    ...told.filter((fault) => isNews(fault, document)).map((fault) => placed(fault, document)),
  ];
  return result.success && faults.length === 0
    ? { status: 'valid', config: result.data }
    : { status: 'invalid', faults: faults.toSorted((a, b) => a.line - b.line) };
}

/** A reference is text first, so that a password of digits stays one; only where no text may stand it is read as a number. */
function parseTyped(document: ReadDocument) {
  const first = configSchema.safeParse(document.value, { reportInput: true });
  if (first.success || document.references.length === 0) return { value: document.value, result: first };
  const value = typedReferences(document.value, document.references, first.error.issues);
  return { value, result: configSchema.safeParse(value, { reportInput: true }) };
}

function soundSections(value: unknown, issues: readonly z.core.$ZodIssue[]): Partial<Config> {
  const raw = (value ?? {}) as Record<string, unknown>;
  const broken = new Set(issues.map((issue) => issue.path[0]));
  const sound = Object.entries(configSchema.shape).filter(([name]) => !broken.has(name));
  return Object.fromEntries(sound.map(([name, section]) => [name, section.safeParse(raw[name]).data]));
}

const brokenRules = (sections: Partial<Config>): PlacedFault[] => rules.flatMap((rule) => [...rule(sections)]);

function isNews({ path }: PlacedFault, { unresolved }: ReadDocument): boolean {
  return !path.some((_, index) => unresolved.has(pathText(path.slice(0, index + 1))));
}

function placed(fault: PlacedFault, document: ReadDocument): LinedFault {
  return { ...fault, line: document.lineOf(fault.path) };
}
