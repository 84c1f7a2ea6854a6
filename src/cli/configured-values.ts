import { readFileSync } from 'node:fs';
import { readDocument } from '../config/document.ts';

export type ConfiguredValues =
  | { readonly status: 'read'; readonly value: unknown; readonly unresolved: ReadonlySet<string> }
  | { readonly status: 'unreadable'; readonly why: string };

/**
 * The plain values of a configuration, whatever is wrong with it: whoever only speaks with the daemon need not have
 * its secrets, without which the whole would be invalid.
 */
export function configuredValues(file: string, environment: NodeJS.ProcessEnv): ConfiguredValues {
  const readFile = (path: string) => readFileSync(path, 'utf8');
  let text: string;
  try {
    text = readFile(file);
  } catch (cause) {
    return {
      status: 'unreadable',
      why: `${file} cannot be read (${(cause as NodeJS.ErrnoException).code ?? 'unknown'})`,
    };
  }
  const { value, readable, unresolved } = readDocument(text, { environment, readFile });
  return readable ? { status: 'read', value, unresolved } : { status: 'unreadable', why: `${file} is no YAML` };
}
