import type { ReadDocument } from './document.ts';
import { type LinedFault, type PlacedFault, pathText } from './fault.ts';
import { explainIssue } from './issues.ts';
import type { Ruling } from './rule.ts';
import { rules } from './rules/all.ts';
import { type Config, configSchema } from './schema.ts';
import { soundParts, UnsoundValue } from './sound-parts.ts';
import { typedReferences } from './typed-references.ts';

export type Parsed =
  | { readonly status: 'valid'; readonly config: Config }
  | {
      readonly status: 'invalid';
      readonly faults: readonly LinedFault[];
      /** Something could not be looked at before these are mended. */
      readonly more: boolean;
    };

/** Everything that is wrong at once: what one look finds must not wait for the next. */
export function parseDocument(document: ReadDocument): Parsed {
  if (!document.readable) return { status: 'invalid', faults: document.faults, more: true };
  const { value, result } = parseTyped(document);
  const issues = result.error?.issues ?? [];
  const { faults: broken, waits } = brokenRules(value);
  const told = [...issues.flatMap(explainIssue), ...broken];
  const faults = [
    ...document.faults,
    ...told.filter((fault) => isNews(fault, document)).map((fault) => placed(fault, document)),
  ];
  return result.success && faults.length === 0
    ? { status: 'valid', config: result.data }
    : { status: 'invalid', faults: faults.toSorted((a, b) => a.line - b.line), more: waits };
}

/** A reference is text first, so that a password of digits stays one; only where no text may stand it is read as a number. */
function parseTyped(document: ReadDocument) {
  const first = configSchema.safeParse(document.value, { reportInput: true });
  if (first.success || document.references.length === 0) return { value: document.value, result: first };
  const value = typedReferences(document.value, document.references, first.error.issues);
  return { value, result: configSchema.safeParse(value, { reportInput: true }) };
}

/** On whatever is sound by itself; a file that is no set of keys has nothing to look at. */
function brokenRules(value: unknown): Ruling {
  try {
    const config = soundParts(configSchema, value) as Config;
    const rulings = rules.map((rule) => rule(config));
    return { faults: rulings.flatMap(({ faults }) => [...faults]), waits: rulings.some(({ waits }) => waits) };
  } catch (error) {
    if (error instanceof UnsoundValue) return { faults: [], waits: true };
    throw error;
  }
}

function isNews({ path }: PlacedFault, { unresolved }: ReadDocument): boolean {
  return !path.some((_, index) => unresolved.has(pathText(path.slice(0, index + 1))));
}

function placed(fault: PlacedFault, document: ReadDocument): LinedFault {
  return { ...fault, line: document.lineOf(fault.path) };
}
