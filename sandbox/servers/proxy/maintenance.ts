import { readFileSync } from 'node:fs';

/** The status that every request gets, or undefined: requests go to the application. Throws on anything else that nginx might understand. */
export function readMaintenance(file: string): number | undefined {
  const directives = readFileSync(file, 'utf8').replaceAll(/#.*$/gm, '').trim();
  if (directives === '') return undefined;
  const status = /^return\s+(\d{3})\s*;$/.exec(directives)?.[1];
  if (status === undefined) throw new Error(`unknown directive in ${file}`);
  return Number(status);
}
