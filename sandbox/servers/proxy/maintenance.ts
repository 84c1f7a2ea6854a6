import { readFileSync } from 'node:fs';

/** What every request is answered. */
export interface Maintenance {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
}

/** undefined: requests go to the application. Throws on anything else that nginx might understand. */
export function readMaintenance(file: string): Maintenance | undefined {
  const directives = readFileSync(file, 'utf8').replaceAll(/#.*$/gm, '').trim();
  if (directives === '') return undefined;
  const [, added = '', status = ''] = /^((?:add_header\s[^;]*;\s*)*)return\s+(\d{3})\s*;$/.exec(directives) ?? [];
  if (status === '') throw new Error(`unknown directive in ${file}`);
  return { status: Number(status), headers: addedHeaders(added, Number(status)) };
}

/** As nginx has it: without `always` a header is not added to an error. */
function addedHeaders(directives: string, status: number): Record<string, string> {
  const added = [...directives.matchAll(/add_header\s+(\S+)\s+([^\s;]+)(\s+always)?\s*;/g)];
  return Object.fromEntries(
    added.flatMap(([, name = '', value = '', always]) => (always || status < 400 ? [[name, value]] : [])),
  );
}
