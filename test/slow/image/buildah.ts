import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/** Builds and runs images without a daemon and without namespaces: everything lies in one folder. */
export interface Buildah extends Disposable {
  readonly folder: string;
  /** What it printed, without the last line break. Errors: with everything that it said. */
  run(...args: readonly string[]): Promise<string>;
  start(...args: readonly string[]): ChildProcess;
}

export function openBuildah(): Buildah {
  const folder = mkdtempSync(join(tmpdir(), 'rollbackd-image-'));
  const environment = { ...process.env, BUILDAH_ISOLATION: 'chroot' };
  // vfs copies where others mount: it works everywhere, and a killed run leaves nothing mounted.
  const storage = ['--storage-driver', 'vfs', '--root', join(folder, 'storage'), '--runroot', join(folder, 'run')];
  return {
    folder,
    run: (...args) => succeed('buildah', [...storage, ...args], environment),
    start: (...args) =>
      spawn('buildah', [...storage, ...args], { env: environment, stdio: ['ignore', 'pipe', 'pipe'] }),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
}

export async function succeed(program: string, args: readonly string[], env = process.env): Promise<string> {
  const { stdout } = await execute(program, args, { env, maxBuffer: 64 * 2 ** 20 }).catch((error) => {
    const said = `${error.stdout}\n${error.stderr}`.trim().split('\n').slice(-30).join('\n');
    throw new Error(`${program} ${args.join(' ')} ended with ${error.code}:\n${said}`);
  });
  return stdout.trimEnd();
}
