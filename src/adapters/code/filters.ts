import { join } from 'node:path';
import { pathExists } from '../../core/path-exists.ts';
import type { Git } from './git-command.ts';
import { inPortions } from './portions.ts';

interface Place {
  readonly repository: string;
  readonly commonFolder: string;
  readonly legacy: string;
}

/**
 * Filters that the legacy commit's attributes ask for and that the configuration git is run with does not know: a checkout
 * would leave pointers in the place of contents, and a comparison without the filter would find nothing wrong with them.
 */
export async function unknownFilters(
  git: Git,
  { repository, commonFolder, legacy }: Place,
  files: readonly string[],
  scratch: string,
  signal: AbortSignal,
): Promise<string[]> {
  const ofTree = files.some((path) => path === '.gitattributes' || path.endsWith('/.gitattributes'));
  if (!ofTree && !(await pathExists(join(commonFolder, 'info/attributes')))) return [];
  const wanted = await filtersOf(git, legacy, files, scratch, signal);
  const known = await knownFilters(git, signal);
  return [...wanted]
    .filter(([filter]) => !known.has(filter))
    .map(
      ([filter, path]) =>
        `${path} needs the filter "${filter}", which ${repository} is not configured with: ${remedy(filter, repository)}`,
    );
}

const remedy = (filter: string, repository: string): string =>
  filter === 'lfs'
    ? `run \`git lfs install --local\` there`
    : `set filter.${filter}.clean and filter.${filter}.smudge with \`git -C ${repository} config\``;

/** Each filter with the first path that it is for, by the attributes as the commit has them. */
async function filtersOf(
  git: Git,
  commit: string,
  files: readonly string[],
  scratch: string,
  signal: AbortSignal,
): Promise<Map<string, string>> {
  const index = join(scratch, 'index-of-attributes');
  await git.run(['read-tree', commit], signal, { index });
  const found = new Map<string, string>();
  const onLine = (line: string) => {
    const [, path, filter] = /^(.*): filter: (.*)$/.exec(line) ?? [];
    if (path === undefined || filter === undefined || without.has(filter) || found.has(filter)) return;
    found.set(filter, path);
  };
  for (const paths of inPortions(files)) {
    await git.run(['check-attr', '--cached', 'filter', '--', ...paths], signal, { index, onLine });
  }
  return found;
}

const without: ReadonlySet<string> = new Set(['unspecified', 'unset', 'set']);

async function knownFilters(git: Git, signal: AbortSignal): Promise<Set<string>> {
  const asked = ['config', '--get-regexp', '^filter\\..*\\.(smudge|clean|process)$'];
  const { stdout } = await git.run(asked, signal, { accept: [1] });
  const lines = stdout.split('\n').map((line) => /^filter\.(.*)\.(?:smudge|clean|process) ./.exec(line)?.[1]);
  return new Set(lines.filter((name) => name !== undefined));
}
