import { whyUnreadable } from '../core/read-regular-file.ts';

/** What a reference resolves to, or why it does not. */
export type Resolved = { readonly ok: true; readonly text: string } | { readonly ok: false; readonly message: string };

export interface ReferenceSources {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly readFile: (path: string) => string;
}

const opening = /\$\$\{|\$\{([^}]*)\}?/g;

/** True where the whole text is one reference and nothing else. */
export const isOneReference = (text: string): boolean => /^\$\{[^}]*\}$/.test(text);

/** Puts `${NAME}` and `${file:/path}` in; `$${` stands for `${` itself. All that is missing is named at once. */
export function resolveReferences(text: string, sources: ReferenceSources): Resolved {
  const missing: string[] = [];
  const resolved = text.replace(opening, (whole, name: string | undefined) => {
    if (name === undefined) return '${';
    const one = whole.endsWith('}') ? resolveOne(name, sources) : refusal(`"${whole}" is not closed with }`);
    if (one.ok) return one.text;
    missing.push(one.message);
    return whole;
  });
  return missing.length === 0 ? { ok: true, text: resolved } : refusal(missing.join('; '));
}

const refusal = (message: string): Resolved => ({ ok: false, message });

function resolveOne(name: string, sources: ReferenceSources): Resolved {
  if (name.startsWith('file:')) return fromFile(name.slice('file:'.length), sources);
  if (!/^[A-Za-z_]\w*$/.test(name)) {
    return refusal(`"\${${name}}" is no reference: write \${NAME}, \${file:/path}, or $\${ for a plain \${`);
  }
  const value = sources.environment[name];
  if (value === undefined) return refusal(`the environment variable ${name} is not set`);
  return value === '' ? refusal(`the environment variable ${name} is empty`) : { ok: true, text: value };
}

function fromFile(path: string, sources: ReferenceSources): Resolved {
  if (!path.startsWith('/')) return refusal(`\${file:${path}} must name an absolute path`);
  try {
    const text = sources.readFile(path).replace(/\r?\n$/, '');
    return text === '' ? refusal(`the file ${path} is empty`) : { ok: true, text };
  } catch (error) {
    return refusal(`the file ${path} cannot be read (${whyUnreadable(error)})`);
  }
}
