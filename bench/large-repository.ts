import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** As at a target that was looked at: most of what git tracks is node_modules. */
const packages = 640;
const filesEach = 25;
const ownFiles = 4_000;

export const legacyTag = 'pre-migration-tag';
export const keptFile = 'backend/ecosystem.config.js';

const program = '/usr/bin/git';

export const gitIn = (folder: string, ...command: string[]): string =>
  execFileSync(program, ['-c', 'user.name=Dev', '-c', 'user.email=dev@localhost', '-C', folder, ...command], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  }).trim();

/** A checkout of 20,000 tracked files at its unified commit; the migration has changed a tenth of them. */
export function makeLargeRepository(folder: string): number {
  const paths = [...packageFiles(), ...Array.from({ length: ownFiles }, (_, index) => ownPath(index))];
  gitInit(folder);
  for (const [index, path] of paths.entries()) write(folder, path, textOf(index, 'legacy'));
  commit(folder, 'legacy');
  gitIn(folder, 'tag', legacyTag);
  for (const [index, path] of paths.entries()) if (index % 10 === 0) write(folder, path, textOf(index, 'unified'));
  commit(folder, 'unified');
  return paths.length;
}

/** Another checkout of it. */
export function copyRepository(repository: string, copy: string): void {
  cpSync(repository, copy, { recursive: true, preserveTimestamps: true, verbatimSymlinks: true });
}

/** At the unified commit, with changes of a person's own, and an index that has seen all of it. */
export function leaveDirty(checkout: string): void {
  gitIn(checkout, 'checkout', '--quiet', '--force', 'main');
  for (let index = 0; index < 40; index += 1) write(checkout, `${packagePath(index * 7)}/f1.js`, 'as npm left it\n');
  for (let index = 0; index < 20; index += 1) write(checkout, ownPath(index * 11), 'a fix in the night\n');
  write(checkout, keptFile, 'module.exports = {};\n');
  gitIn(checkout, 'status', '--short');
}

function gitInit(folder: string): void {
  mkdirSync(folder, { recursive: true });
  gitIn(folder, 'init', '--quiet', '--initial-branch=main');
}

function commit(folder: string, message: string): void {
  gitIn(folder, 'add', '--all');
  gitIn(folder, 'commit', '--quiet', '-m', message);
}

function* packageFiles(): Generator<string> {
  for (let number = 0; number < packages; number += 1)
    for (let file = 0; file < filesEach; file += 1) yield `${packagePath(number)}/f${file}.js`;
}

const packagePath = (number: number): string => `backend/node_modules/package-${number}/lib`;
const ownPath = (index: number): string => `backend/src/room-${index % 200}/file-${index}.js`;

/** Nine kilobytes on average. */
const textOf = (index: number, version: string): string =>
  `// ${version} ${index}\n${`module.exports.value${index} = ${index};\n`.repeat(20 + ((index * 37) % 500))}`;

function write(folder: string, path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}
