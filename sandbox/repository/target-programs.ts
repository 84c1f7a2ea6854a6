import { dirname, join } from 'node:path';
import { runProgram } from '../tools/run-program.ts';
import type { Tools } from '../tools/tool.ts';

const WITHIN_MS = 180_000;

/** The programs of the target's machine: its own Node, the npm beside it, git. */
export interface TargetPrograms {
  git(folder: string, ...args: readonly string[]): Promise<string>;
  npm(folder: string, ...args: readonly string[]): Promise<string>;
  node(folder: string, script: string, environment: Readonly<Record<string, string>>): Promise<string>;
}

export function targetPrograms(tools: Pick<Tools, 'git' | 'targetNode'>): TargetPrograms {
  const path = [
    dirname(tools.targetNode.path),
    ...(process.env.PATH ?? '').split(':').filter((one) => !one.includes('node_modules')),
  ];
  const environment = { PATH: path.join(':'), HOME: process.env.HOME ?? '/', LC_ALL: 'C' };
  const run = (command: string, args: readonly string[], cwd: string, more: Readonly<Record<string, string>> = {}) =>
    runProgram(command, args, { cwd, environment: { ...environment, ...more }, timeoutMs: WITHIN_MS });
  return {
    git: (folder, ...args) => run(tools.git.path, args, folder),
    npm: (folder, ...args) => run('npm', args, folder),
    node: (folder, script, more) => run(tools.targetNode.path, [join(folder, script)], folder, more),
  };
}
