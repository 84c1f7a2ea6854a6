import type { Stats } from 'node:fs';
import { join } from 'node:path';
import { ancestorsOf, unreadable } from './in-the-way.ts';
import type { LocalChanges } from './local-changes.ts';
import { statusOf } from './status-of.ts';

/** What the switch would take away and git cannot hold, each in words. */
export async function unsavableFiles(repository: string, changes: LocalChanges): Promise<string[]> {
  const { tracked, inTheWay, toLegacy } = changes;
  const wanted = new Set([...toLegacy.added, ...toLegacy.retyped, ...tracked]);
  const found = new Set<string>();
  for (const path of [...tracked, ...inTheWay]) {
    const what = repositoryAround(path) ?? (await oddFileAt(repository, path));
    if (what === undefined) continue;
    const place = [path, ...ancestorsOf(path)].find((each) => wanted.has(each));
    const legacyFile = place ?? toLegacy.added.find((each) => each.startsWith(`${path}/`)) ?? path;
    found.add(`${what} in the way of the legacy file ${legacyFile}: move it away`);
  }
  return [...found];
}

/** git takes no file of a folder called .git. */
function repositoryAround(path: string): string | undefined {
  const names = path.split('/');
  const at = names.findIndex((name) => name.toLowerCase() === '.git');
  return at === -1 ? undefined : `${names.slice(0, at).join('/')} is a git repository`;
}

async function oddFileAt(repository: string, path: string): Promise<string | undefined> {
  const found = await statusOf(join(repository, path));
  if (found === undefined)
    return path.includes(unreadable) ? `${path} has a name that is not UTF-8, and is` : undefined;
  const kind = kinds.find(([, is]) => is(found));
  return kind && `${path} is ${kind[0]}`;
}

const kinds: readonly (readonly [string, (found: Stats) => boolean])[] = [
  ['a socket', (found) => found.isSocket()],
  ['a named pipe', (found) => found.isFIFO()],
  ['a device', (found) => found.isCharacterDevice() || found.isBlockDevice()],
];
