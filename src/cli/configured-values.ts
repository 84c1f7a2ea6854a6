import { readDocument } from '../config/document.ts';
import { readRegularFile, whyUnreadable } from '../core/read-regular-file.ts';

export type ConfiguredValues =
  | { readonly status: 'read'; readonly value: unknown; readonly unresolved: ReadonlySet<string> }
  | { readonly status: 'unreadable'; readonly why: string };

/**
 * The plain values of a configuration, whatever is wrong with it: whoever only speaks with the daemon need not have
 * its secrets, without which the whole would be invalid.
 */
export function configuredValues(file: string, environment: NodeJS.ProcessEnv): ConfiguredValues {
  let text: string;
  try {
    text = readRegularFile(file);
  } catch (cause) {
    return { status: 'unreadable', why: `${file} cannot be read (${whyUnreadable(cause)})` };
  }
  const { value, readable, unresolved } = readDocument(text, { environment, readFile: readRegularFile });
  return readable ? { status: 'read', value, unresolved } : { status: 'unreadable', why: `${file} is no YAML` };
}
