import { readFileSync } from 'node:fs';

/** The version of this package, from a checkout (`src/`) as from the published one (`dist/`). */
export function packageVersion(): string {
  const file = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(file) as { version: string }).version;
}
