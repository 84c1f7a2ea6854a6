import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseDocument } from 'yaml';
import { type DaemonSettings, writeDaemonConfig } from '../../sandbox/demo/daemon-config.ts';
import type { Sandbox } from '../../sandbox/sandbox.ts';

/** Path in the configuration -> another value; undefined takes it away. */
export type Changes = Readonly<Record<string, unknown>>;

/** The demo's configuration of a sandbox under a name of its own, with some values changed. Returns the file. */
export async function writeChangedConfig(
  sandbox: Sandbox,
  name: string,
  settings: DaemonSettings,
  changes: Changes,
): Promise<string> {
  const { file, folder } = await writeDaemonConfig(sandbox, settings);
  const document = parseDocument(await readFile(file, 'utf8'));
  for (const [path, value] of Object.entries(changes)) {
    if (value === undefined) document.deleteIn(path.split('.'));
    else document.setIn(path.split('.'), value);
  }
  const changed = join(folder, `${name}.yaml`);
  await writeFile(changed, String(document), { mode: 0o600 });
  return changed;
}
