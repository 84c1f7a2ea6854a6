import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { expect, it } from 'vitest';

const root = new URL('../../', import.meta.url).pathname;

function spoken(program: string, ...args: string[]) {
  return new Promise<{ code: number | null; out: string; err: string }>((resolve, reject) => {
    const child = spawn(program, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    const text = { out: '', err: '' };
    child.stdout.on('data', (part) => {
      text.out += part;
    });
    child.stderr.on('data', (part) => {
      text.err += part;
    });
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, ...text }));
  });
}

it('offers every command in its help, without loading any of them', async () => {
  const { code, out } = await spoken(process.execPath, 'bin/rollbackd.js', '--help');
  expect(code).toBe(0);
  expect(out.match(/^ {2}(\w+)/gm)?.map((name) => name.trim())).toEqual([
    ...[
      'run',
      'check',
      'doctor',
      'baseline',
      'replay',
      'permissions',
      'health',
      'status',
      'explain',
      'approve',
      'reject',
      'rollback',
      'resume',
    ],
    ...['release', 'acknowledge', 'close', 'snooze', 'pause', 'unpause', 'arm', 'disarm', 'help'],
  ]);
});

it('says which version it is', async () => {
  const { out } = await spoken(process.execPath, 'src/main.ts', '--version');
  expect(out).toMatch(/^\d+\.\d+\.\d+\n$/);
});

it('ends with 1 and no stack trace where the configuration is missing', async () => {
  const { code, err } = await spoken(process.execPath, 'bin/rollbackd.js', 'run', '--config', '/no/such.yaml');
  expect(code).toBe(1);
  expect(err).toContain('the file cannot be read (ENOENT)');
  expect(err).not.toContain('    at ');
});

const older = ['/usr/bin/node', '/usr/local/bin/node'].find((path) => existsSync(path));

it.runIf(older)('tells an older Node what to do instead of failing on the syntax', async () => {
  const { out } = await spoken(older ?? '', '--version');
  const [major = 0] = out.slice(1).split('.').map(Number);
  const { code, err } = await spoken(older ?? '', 'bin/rollbackd.js', '--version');
  expect([code, err.split(';')[0]]).toEqual(major >= 24 ? [0, ''] : [1, 'rollbackd needs Node 24.15 or newer']);
});
