import { spawnSync } from 'node:child_process';
import type { TestContext } from 'vitest';

/** Leaves the test out where a program is missing, and says so; where optional tools are required, lets it fail instead. */
export function needs({ skip }: TestContext, program: string, debianPackage: string, versionFlag = '--version'): void {
  const { error } = spawnSync(program, [versionFlag], { stdio: 'ignore' });
  if (!error || process.env.REQUIRE_OPTIONAL_TOOLS === '1') return;
  skip(`${program} is not installed (Debian package ${debianPackage}); REQUIRE_OPTIONAL_TOOLS=1 makes this a failure`);
}

/** What a program says, with its exit code. */
export function said(program: string, args: readonly string[], input = ''): { code: number | null; text: string } {
  const { status, stdout, stderr } = spawnSync(program, args, { input, encoding: 'utf8' });
  return { code: status, text: `${stdout}${stderr}` };
}
