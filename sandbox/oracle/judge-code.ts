import { existsSync } from 'node:fs';
import { relative } from 'node:path';
import { runProgram } from '../tools/run-program.ts';
import { hashFile } from './capture.ts';
import type { OracleCase } from './case.ts';

const WITHIN_MS = 20_000;

/** Which commit is checked out, and whether the server's own files are that commit's. */
export async function judgeCode(oracle: OracleCase, expectedCommit: string): Promise<string[]> {
  const { root, serverFolder, untrackedFiles } = oracle.repository;
  const git = async (...args: readonly string[]) =>
    (
      await runProgram(oracle.git, ['-C', root, ...args], {
        timeoutMs: WITHIN_MS,
        environment: { PATH: '/usr/bin:/bin' },
      })
    ).trim();
  const findings: string[] = [];
  const commit = await git('rev-parse', 'HEAD');
  if (commit !== expectedCommit) findings.push(`commit ${commit} is checked out, not ${expectedCommit}`);
  const server = relative(root, serverFolder) || '.';
  const modules = server === '.' ? 'node_modules' : `${server}/node_modules`;
  const changed = await git('diff', '--name-only', expectedCommit, '--', server, `:(exclude)${modules}`);
  if (changed !== '') findings.push(`files differ from that commit: ${changed.split('\n').join(', ')}`);
  const lost = untrackedFiles.filter((file) => !existsSync(file));
  return [...findings, ...lost.map((file) => `${file} is gone`)];
}

export async function judgeLegacyEnvironment({ repository }: OracleCase): Promise<string[]> {
  const same = (await hashFile(repository.envFile)) === (await hashFile(repository.legacyEnvFile));
  return same ? [] : ['.env is not the legacy one'];
}
