import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { exampleWith } from '../config/example.ts';
import { serve } from '../probes/server.ts';
import { rollbackd } from './command-line.ts';

const tomorrow = () => new Date(Date.now() + 86_400_000).toISOString();

const routes = [
  { name: 'menu', list: '/api/menu', collection: 'menuitems', trusted: true },
  { name: 'orders', list: '/api/orders?limit=5', collection: 'orders', trusted: true },
];

function place(publicUrl: string, changes: Readonly<Record<string, unknown>> = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'rollbackd-test-capture-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const config = join(folder, 'rollbackd.yaml');
  const values = { 'target.publicUrl': publicUrl, 'migration.cutoverAt': tomorrow(), 'probes.legacy.routes': routes };
  writeFileSync(config, exampleWith({ ...values, 'guard.until': '2099-01-01T00:00:00Z', ...changes }));
  const out = join(folder, 'latency.json');
  const capture = (...more: string[]) =>
    // The environment holds none of the passwords.
    rollbackd(['baseline', '--config', config, '--out', out, '--requests', '20', '--pause', '0ms', ...more]);
  return { out, capture };
}

async function capturing(answer: RequestListener, changes: Readonly<Record<string, unknown>> = {}) {
  await using server = await serve(answer);
  const { out, capture } = place(server.url, changes);
  return { ...(await capture()), written: existsSync(out) };
}

describe('rollbackd baseline', () => {
  it('asks each route of the legacy system as each tenant in turn, and writes what baseline.latency.file reads', async () => {
    const asked = new Map<string, number>();
    await using server = await serve(({ url, headers }, answer) => {
      const question = `${url} as ${headers['x-tenant-slug']}`;
      asked.set(question, (asked.get(question) ?? 0) + 1);
      setTimeout(() => answer.end('[]'), url === '/api/menu' ? 30 : 0);
    });
    const { out, capture } = place(server.url);
    const { code, out: said } = await capture();
    expect(code).toBe(0);
    expect(Object.fromEntries(asked)).toEqual({
      '/api/menu as negoes': 7,
      '/api/menu as tenant2': 6,
      '/api/menu as newcomer': 7,
      '/api/orders?limit=5 as negoes': 7,
      '/api/orders?limit=5 as tenant2': 7,
      '/api/orders?limit=5 as newcomer': 6,
    });
    const written = JSON.parse(readFileSync(out, 'utf8'));
    expect(Object.keys(written.routes)).toEqual(['GET /api/menu', 'GET /api/orders']);
    expect(written.routes['GET /api/menu'].requests).toBe(20);
    expect(written.routes['GET /api/menu'].p95).toBeGreaterThanOrEqual(25);
    expect(said).toMatch(
      /GET \/api\/menu: p95 \d+(\.\d+)?m?s of 20 requests\n.*\nwritten to .*baseline\.latency\.file\n$/,
    );
  });

  it('does not overwrite what was measured before, and asks nothing then', async () => {
    let asked = 0;
    await using server = await serve((_, answer) => {
      asked += 1;
      answer.end('[]');
    });
    const { out, capture } = place(server.url);
    writeFileSync(out, 'precious');
    const { code, err } = await capture();
    expect([code, readFileSync(out, 'utf8'), asked]).toEqual([1, 'precious', 0]);
    expect(err).toMatch(/is there already, and is not overwritten\nnext: give another name/);
  });

  it('refuses after the cut-over, unless somebody knows better', async () => {
    await using server = await serve((_, answer) => answer.end('[]'));
    const { out, capture } = place(server.url, { 'migration.cutoverAt': '2020-01-01T00:00:00Z' });
    const refused = await capture();
    expect([refused.code, existsSync(out)]).toEqual([1, false]);
    expect(refused.err).toMatch(/the cut-over was at 2020-01-01T00:00:00.000Z/);
    expect(await capture('--force')).toMatchObject({ code: 1, err: expect.stringContaining('argument missing') });
    expect((await capture('--force', 'Ada')).code).toBe(0);
    expect(JSON.parse(readFileSync(out, 'utf8'))).toMatchObject({ forcedBy: 'Ada' });
  });

  it('takes no measure of which the cut-over fell into the middle', async () => {
    const soon = new Date(Date.now() + 2_000).toISOString();
    let asked = 0;
    const slowly: RequestListener = (_, answer) => {
      asked += 1;
      setTimeout(() => answer.end('[]'), 80);
    };
    const cut = await capturing(slowly, { 'migration.cutoverAt': soon });
    expect(cut).toMatchObject({ code: 1, written: false, err: expect.stringContaining(`the cut-over was at ${soon}`) });
    expect(asked).toBe(40);
  });

  it('takes nothing for good that is not answered well, and writes nothing then', async () => {
    const refused = await capturing((_, answer) => answer.writeHead(429).end());
    expect(refused).toMatchObject({ code: 1, written: false, err: expect.stringContaining('as negoes: status 429') });
    const shown = await capturing((_, answer) => answer.writeHead(503, { 'X-Rollbackd-Maintenance': 'a' }).end());
    expect(shown).toMatchObject({ code: 1, err: expect.stringContaining('the maintenance answer is shown') });
    const cut = await capturing((_, answer) => answer.destroy());
    expect(cut).toMatchObject({ code: 1, written: false, err: expect.stringContaining('no answer') });
  });

  it('says so where there is nothing to ask, and where too little is asked for', async () => {
    const none = await capturing((_, answer) => answer.end('[]'), {
      'probes.legacy.routes': routes.map((route) => ({ ...route, needsLogin: true })),
    });
    expect(none).toMatchObject({ code: 1, err: expect.stringContaining('no route that can be asked without a login') });
    const { capture } = place('http://127.0.0.1:1');
    expect(await capture('--requests', '5')).toMatchObject({ code: 1, err: expect.stringContaining('at least 20') });
  });
});
