import { readRegularFile, whyUnreadable } from '../core/read-regular-file.ts';
import { readDocument } from './document.ts';
import { type ConfigFault, type LinedFault, type Path, pathText } from './fault.ts';
import { fingerprint } from './fingerprint.ts';
import { parseDocument } from './parse.ts';
import type { Config } from './schema.ts';

export type { ConfigFault };

export type LoadedConfig =
  | {
      readonly status: 'valid';
      readonly config: Config;
      readonly hash: string;
      /** Where a key stands, for a fault that only a look at the world shows. */
      readonly lineOf: (path: Path) => number;
    }
  | {
      readonly status: 'invalid';
      readonly faults: readonly ConfigFault[];
      /** Something could not be looked at before these are mended. */
      readonly more: boolean;
    };

/** The file with its references put in, as a Config; or everything that is wrong with it. */
export function loadConfig(file: string, environment: NodeJS.ProcessEnv): LoadedConfig {
  let text: string;
  try {
    text = readRegularFile(file);
  } catch (error) {
    const message = `the file cannot be read (${whyUnreadable(error)})`;
    return { status: 'invalid', faults: [{ file, line: 0, path: '', message }], more: true };
  }
  const document = readDocument(text, { environment, readFile: readRegularFile });
  const parsed = parseDocument(document);
  if (parsed.status === 'valid') return { ...parsed, hash: fingerprint(parsed.config), lineOf: document.lineOf };
  return { status: 'invalid', faults: parsed.faults.map((fault) => inFile(file, fault)), more: parsed.more };
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
