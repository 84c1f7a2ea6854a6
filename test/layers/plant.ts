import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const root = join(import.meta.dirname, '../..');

interface Report {
  readonly diagnostics: readonly { readonly category: string; readonly location: { readonly path: string } }[];
}

/** Writes the files into a tree of their own under the project's lint rules: which of them does the linter refuse, and by which rules? */
export function refusals(files: ReadonlyMap<string, string>): Map<string, Set<string>> {
  const tree = mkdtempSync(join(tmpdir(), 'rollbackd-layers-'));
  try {
    for (const part of ['biome.layers.json', 'scripts/process-kill.grit']) cpSync(join(root, part), join(tree, part));
    const { vcs: _, ...rules } = JSON.parse(readFileSync(join(root, 'biome.json'), 'utf8'));
    for (const [name, text] of [...files, ['biome.json', JSON.stringify(rules)] as const]) {
      mkdirSync(dirname(join(tree, name)), { recursive: true });
      writeFileSync(join(tree, name), text);
    }
    return byFile(lint(tree));
  } finally {
    rmSync(tree, { recursive: true });
  }
}

function lint(tree: string): Report {
  const biome = join(root, 'node_modules/.bin/biome');
  const options = { cwd: tree, encoding: 'utf8', stdio: 'pipe', maxBuffer: 2 ** 27 } as const;
  const call = ['lint', '--reporter=json', '--max-diagnostics=none', '.'];
  try {
    return JSON.parse(execFileSync(biome, call, options));
  } catch (error) {
    return JSON.parse((error as { stdout: string }).stdout);
  }
}

function byFile(report: Report): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  for (const { category, location } of report.diagnostics) {
    found.set(location.path, (found.get(location.path) ?? new Set()).add(category));
  }
  return found;
}
