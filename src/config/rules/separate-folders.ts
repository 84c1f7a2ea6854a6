import { relative } from 'node:path';
import { type Path, type PlacedFault, pathText } from '../fault.ts';
import { ruleOfMany } from '../rule.ts';
import type { Config } from '../schema.ts';

interface Folder {
  readonly key: Path;
  readonly path: string;
}

type Find = (config: Config) => Folder;

const evidence: Find = ({ rollback }) => ({ key: ['rollback', 'evidenceFolder'], path: rollback.evidenceFolder });
const releases: Find = ({ code }) => ({ key: ['code', 'releases'], path: code.releases });
const journal: Find = ({ state }) => ({ key: ['state', 'folder'], path: state.folder });
const repository: Find = ({ code }) => ({ key: ['code', 'repository'], path: code.repository });
const dump: Find = ({ backup }) => ({ key: ['backup', 'path'], path: backup.path });
const nonces: Find = ({ doors }) => ({ key: ['doors', 'socket', 'nonceFolder'], path: doors.socket.nonceFolder });

type Pair = readonly [Find, Find, (a: Folder, b: Folder) => PlacedFault[]];

const written = [evidence, releases, journal];

/** What rollbackd writes, cleans up or switches must not lie in, or around, what has to survive it. */
const pairs: readonly Pair[] = [
  ...written.flatMap((own): Pair[] => [
    [own, repository, apart],
    [own, dump, apart],
  ]),
  [dump, repository, apart],
  [evidence, releases, apart],
  [journal, releases, apart],
  [journal, evidence, inside],
  ...[...written, repository, dump].map((folder): Pair => [folder, nonces, inside]),
];

export const separateFolders = ruleOfMany(pairs, (config, [a, b, judge]) => judge(a(config), b(config)));

function apart(a: Folder, b: Folder): PlacedFault[] {
  const nested = inside(a, b);
  return nested.length > 0 ? nested : inside(b, a);
}

function inside(inner: Folder, outer: Folder): PlacedFault[] {
  const way = relative(outer.path, inner.path);
  if (way === '..' || way.startsWith('../')) return [];
  const where = way === '' ? 'is' : 'lies inside';
  return [{ path: inner.key, message: `${where} ${pathText(outer.key)} (${outer.path}): keep them apart` }];
}
