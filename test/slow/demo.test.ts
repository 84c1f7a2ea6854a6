import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const demo = fileURLToPath(new URL('../../sandbox/demo/main.ts', import.meta.url));

/** The demonstration as a person starts it. */
async function play(...options: readonly string[]): Promise<{ code: unknown; output: string }> {
  const child = spawn(process.execPath, [demo, '--documents', '1500', '--exit', ...options], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk));
  const [code] = await once(child, 'close');
  return { code, output: Buffer.concat(chunks).toString() };
}

function expectAmiss({ code, output }: { code: unknown; output: string }, finding: RegExp): void {
  expect(code, output).toBe(1);
  const [, amiss = ''] = output.split('\nAMISS\n');
  expect(amiss, output).toMatch(finding);
  expect(output).not.toContain('the oracle agrees');
  const [folder = ''] = /\S*\/rollbackd-sandbox-\w+/.exec(output) ?? [];
  expect(existsSync(folder), folder).toBe(false);
}

describe('the demonstration does not praise itself', () => {
  it('with rollbackd off nobody stops the leak, and it ends with 1', async () => {
    expectAmiss(await play('--scenario', 'leak', '--daemon', 'off'), /nobody stopped the leak/);
  });

  it('with rollbackd only observing nobody stops the leak, and it ends with 1', async () => {
    const played = await play('--scenario', 'leak', '--daemon', 'observe');
    expectAmiss(played, /nobody stopped the leak/);
    expect(played.output).toMatch(/\[alarmed\] .*cross-tenant-leak/);
  });

  it('a rollback by hand where nothing was wrong is found out, and it ends with 1', async () => {
    expectAmiss(await play('--scenario', 'none', '--by-hand'), /superkafe_|commit|\.env|version/);
  });
});
