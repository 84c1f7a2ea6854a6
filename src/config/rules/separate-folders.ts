import { relative } from 'node:path';
import { type Path, type PlacedFault, pathText } from '../fault.ts';
import { rule } from '../rule.ts';

interface Folder {
  readonly key: Path;
  readonly path: string;
}

/** What rollbackd writes, cleans up or switches must not lie in, or around, what has to survive it. */
export const separateFolders = rule(
  ['rollback', 'code', 'backup', 'state', 'doors'],
  ({ rollback, code, backup, state, doors }) => {
    const evidence: Folder = { key: ['rollback', 'evidenceFolder'], path: rollback.evidenceFolder };
    const releases: Folder = { key: ['code', 'releases'], path: code.releases };
    const journal: Folder = { key: ['state', 'folder'], path: state.folder };
    const repository: Folder = { key: ['code', 'repository'], path: code.repository };
    const dump: Folder = { key: ['backup', 'path'], path: backup.path };
    const nonces: Folder = { key: ['doors', 'socket', 'nonceFolder'], path: doors.socket.nonceFolder };
    const written = [evidence, releases, journal];
    return [
      ...written.flatMap((own) => [...apart(own, repository), ...apart(own, dump)]),
      ...apart(dump, repository),
      ...apart(evidence, releases),
      ...apart(journal, releases),
      ...inside(journal, evidence),
      ...[...written, repository, dump].flatMap((folder) => inside(folder, nonces)),
    ];
  },
);

const apart = (a: Folder, b: Folder): PlacedFault[] => {
  const nested = inside(a, b);
  return nested.length > 0 ? nested : inside(b, a);
};

function inside(inner: Folder, outer: Folder): PlacedFault[] {
  const way = relative(outer.path, inner.path);
  if (way === '..' || way.startsWith('../')) return [];
  const where = way === '' ? 'is' : 'lies inside';
  return [{ path: inner.key, message: `${where} ${pathText(outer.key)} (${outer.path}): keep them apart` }];
}
