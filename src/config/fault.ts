/** One thing that is wrong, at the place where a person finds it. */
export interface ConfigFault {
  readonly file: string;
  /** Counted from 1; 0 where the file itself is the fault. */
  readonly line: number;
  /** `mongo.legacyDatabases[0].name`; empty for the whole file. */
  readonly path: string;
  readonly message: string;
}

export type Path = readonly (string | number)[];

/** A fault before its line is known. */
export interface PlacedFault {
  readonly path: Path;
  readonly message: string;
}

export type LinedFault = PlacedFault & { readonly line: number };

export function pathText(path: Path): string {
  return path.map((part, index) => (typeof part === 'number' ? `[${part}]` : named(part, index))).join('');
}

function named(part: string, index: number): string {
  if (!/^[\w-]+$/.test(part)) return `["${part}"]`;
  return index === 0 ? part : `.${part}`;
}
