import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** For as long as the tests run, each kind of café is built once and then copied; whoever started them may have named a folder that lasts longer. */
export default function keepCafes(): (() => void) | undefined {
  if (process.env.ROLLBACKD_CAFES) return undefined;
  const folder = mkdtempSync(join(tmpdir(), 'rollbackd-cafes-'));
  process.env.ROLLBACKD_CAFES = folder;
  return () => rmSync(folder, { recursive: true, force: true });
}
