import { readFileSync } from 'node:fs';
import { readDocument } from './document.ts';
import { type ConfigFault, type LinedFault, pathText } from './fault.ts';
import { fingerprint } from './fingerprint.ts';
import { parseDocument } from './parse.ts';
import type { Config } from './schema.ts';

export type { ConfigFault };

export type LoadedConfig =
  | { readonly status: 'valid'; readonly config: Config; readonly hash: string }
  | { readonly status: 'invalid'; readonly faults: readonly ConfigFault[] };

const readText = (path: string) => readFileSync(path, 'utf8');

/** The file with its references put in, as a Config; or everything that is wrong with it. */
export function loadConfig(file: string, environment: NodeJS.ProcessEnv): LoadedConfig {
  let text: string;
  try {
    text = readText(file);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
    return { status: 'invalid', faults: [{ file, line: 0, path: '', message: `the file cannot be read (${code})` }] };
  }
  const parsed = parseDocument(readDocument(text, { environment, readFile: readText }));
  if (parsed.status === 'valid') return { ...parsed, hash: fingerprint(parsed.config) };
  return { status: 'invalid', faults: parsed.faults.map((fault) => inFile(file, fault)) };
}

export const inFile = (file: string, { line, path, message }: LinedFault): ConfigFault => ({
  file,
  line,
  path: pathText(path),
  message,
});

/** One fault as one line: `file:line  path  message`. */
export function faultText(fault: ConfigFault): string {
  return [`${fault.file}:${fault.line}`, fault.path, fault.message].filter((part) => part !== '').join('  ');
}
