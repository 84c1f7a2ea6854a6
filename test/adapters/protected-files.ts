import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { onTestFinished, type TestContext } from 'vitest';

const run = (program: string, ...args: readonly string[]) => void execFileSync(program, args, { stdio: 'pipe' });

/** Only root with all its powers may do this; the reason is told where it may not. */
function asRoot({ skip }: TestContext, program: string, ...args: readonly string[]): void {
  try {
    run(program, ...args);
  } catch (error) {
    skip(`${program} is not possible here: ${(error as Error).message}`);
  }
}

/** Nobody, root included, may change, rename or remove it until the test is over. */
export function makeImmutable(context: TestContext, path: string, attribute: 'i' | 'a' = 'i'): void {
  asRoot(context, 'chattr', `+${attribute}`, path);
  onTestFinished(() => run('chattr', `-${attribute}`, path));
}

/** As a container has a single file of its host: on the same disk, and yet a mount of its own. */
export function makeMount(context: TestContext, path: string): void {
  writeFileSync(`${path}.host`, '');
  asRoot(context, 'mount', '--bind', `${path}.host`, path);
  onTestFinished(() => run('umount', path));
}

const nobody = 65_534;

/** What a function of a module answers to another user, who could not read the module. */
export function answerToNobody(module: string, name: string, ...args: readonly unknown[]): unknown {
  const code = `
    import(${JSON.stringify(module)}).then(async (module) => {
      process.setgroups([]);
      process.setgid(${nobody});
      process.setuid(${nobody});
      console.log(JSON.stringify(await module[${JSON.stringify(name)}](...${JSON.stringify(args)})));
    });`;
  return JSON.parse(execFileSync(process.execPath, ['-e', code], { encoding: 'utf8' }));
}

export const isRoot = process.geteuid?.() === 0;
