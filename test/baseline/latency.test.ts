import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { AccessEntry } from '../../src/adapters/access-log/contract.ts';
import { nginxAccessLog } from '../../src/adapters/access-log/nginx-log.ts';
import { knownLatencies, type LatencySources } from '../../src/baseline/latency.ts';
import { writeLatencyFile } from '../../src/baseline/latency-file.ts';
import { baselineSchema } from '../../src/baseline/schema.ts';
import { routeOfGood } from '../../src/probes/requests.ts';

const cutoverAt = Date.parse('2026-11-20T22:00:00Z');

function place() {
  const folder = mkdtempSync(join(tmpdir(), 'rollbackd-test-baseline-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return { folder, file: join(folder, 'latency.json') };
}

const logOf = (entries: readonly Partial<AccessEntry>[]): LatencySources['accessLog'] => ({
  readBefore(moment, _mostBytes, onEntry) {
    const usual = {
      method: 'GET',
      path: '/api/menu',
      status: 200,
      durationMs: 40,
      upstream: true,
      agent: '',
      tenant: '',
    };
    const all = entries.map((entry) => ({ at: cutoverAt - 1, ...usual, ...entry }));
    for (const entry of all.filter(({ at }) => at < moment)) onEntry(entry);
    return Promise.resolve();
  },
});
const times = (count: number, entry: Partial<AccessEntry> = {}) => Array.from({ length: count }, () => entry);

interface Known {
  readonly learntFile?: string;
  readonly cutover?: number;
}

async function known(
  latency: object,
  accessLog?: LatencySources['accessLog'],
  { learntFile = join(place().folder, 'learnt.json'), cutover = cutoverAt }: Known = {},
) {
  const config = baselineSchema.parse({ latency }).latency;
  const sources = { config, accessLog, learntFile, cutoverAt: cutover, routeOf: routeOfGood };
  const { latencies, faults } = await knownLatencies(sources);
  return { routes: Object.fromEntries(latencies), faults };
}

describe('how fast the legacy system was', () => {
  it('is what is given, first of all, then what was captured, then what the log says', async () => {
    const { file } = place();
    await writeLatencyFile(file, {
      capturedAt: '2026-11-19T10:00:00.000Z',
      routes: { 'GET /api/menu': { p95: 60, requests: 50 }, 'GET /api/orders': { p95: 70, requests: 50 } },
    });
    const log = logOf([...times(20), ...times(20, { path: '/api/orders' }), ...times(20, { path: '/api/tables/7' })]);
    const { routes, faults } = await known({ given: { 'GET /api/menu': '35ms' }, file }, log);
    expect(faults).toEqual([]);
    expect(routes['GET /api/menu']).toEqual({ p95: 35, source: 'given' });
    expect(routes['GET /api/orders']).toEqual({ p95: 70, source: 'captured at 2026-11-19T10:00:00.000Z' });
    expect(routes['GET /api/tables/:id']?.source).toBe('20 requests before the cut-over');
    expect(routes['GET /api/tables/:id']?.p95).toBeGreaterThanOrEqual(39);
    expect(routes['GET /api/tables/:id']?.p95).toBeLessThanOrEqual(41);
  });

  it('is known by the hour of the day where the log covers it, also once rotation has taken the lines away', async () => {
    const { folder } = place();
    const learntFile = join(folder, 'learnt.json');
    const at = (hour: number) => Date.parse(`2026-11-20T${String(hour).padStart(2, '0')}:30:00Z`);
    const log = logOf([
      ...times(300, { at: at(3), durationMs: 40 }),
      ...times(100, { at: at(19), durationMs: 200 }),
      ...times(99, { at: at(20), durationMs: 400 }),
    ]);
    for (const source of [log, logOf([])]) {
      const { routes } = await known({}, source, { learntFile });
      const { p95 = 0, hours } = routes['GET /api/menu'] ?? {};
      expect(p95).toBeGreaterThan(380);
      expect([...(hours ?? [])].map(([hour, ms]) => [hour, Math.round(ms / 10) * 10])).toEqual([
        [3, 40],
        [19, 200],
      ]);
    }
  });

  it('is never learnt from requests after the cut-over, nor from failed ones, our own, or too few', async () => {
    const log = logOf([
      ...times(500, { at: cutoverAt, path: '/api/late' }),
      ...times(500, { status: 500, path: '/api/broken' }),
      ...times(500, { agent: 'rollbackd', path: '/api/own' }),
      ...times(19, { path: '/api/rare' }),
    ]);
    expect(await known({}, log)).toEqual({ routes: {}, faults: [] });
  });

  it('is never what was captured after the cut-over, unless somebody has said that it was the legacy system', async () => {
    const { file } = place();
    const late = { capturedAt: '2026-11-20T22:00:00.000Z', routes: { 'GET /api/menu': { p95: 60, requests: 50 } } };
    await writeLatencyFile(file, late);
    const refused = await known({ file });
    expect(refused.routes).toEqual({});
    expect(refused.faults).toEqual([expect.stringContaining('after the cut-over: it is no measure')]);
    rmSync(file);
    await writeLatencyFile(file, { ...late, forcedBy: 'Ada' });
    const source = 'captured at 2026-11-20T22:00:00.000Z, by the word of Ada';
    expect(await known({ file })).toEqual({ routes: { 'GET /api/menu': { p95: 60, source } }, faults: [] });
  });

  it('is not read from the log where that is switched off', async () => {
    expect((await known({ fromAccessLog: false }, logOf(times(100)))).routes).toEqual({});
  });

  it('is bounded, however many routes somebody has made up', async () => {
    const made = Array.from({ length: 2_000 }, (_, index) =>
      times(20, { path: `/word${String.fromCharCode(97 + (index % 26))}${index}` }),
    );
    expect(Object.keys((await known({}, logOf(made.flat()))).routes)).toHaveLength(500);
  });

  it('names the source that cannot be read, and counts the others all the same', async () => {
    const { folder, file } = place();
    writeFileSync(file, '{"capturedAt":"2026-11-19T10:00:00Z","routes":{"GET /":{"p95":0,"requests":1}}}');
    const missing = nginxAccessLog({ file: join(folder, 'no.log'), format: 'json', paths: ['/'] });
    const { routes, faults } = await known({ given: { 'GET /api/menu': '35ms' }, file }, missing);
    expect(Object.keys(routes)).toEqual(['GET /api/menu']);
    expect(faults).toEqual([
      expect.stringContaining('latency.json is no latency baseline'),
      expect.stringContaining('no.log'),
    ]);
  });
});

describe('what the log has told once', () => {
  const menu = 'GET /api/menu';

  it('is known still when rotation has taken those lines away', async () => {
    const learntFile = join(place().folder, 'learnt.json');
    const first = await known({}, logOf(times(500)), { learntFile });
    expect(first.routes[menu]?.source).toBe('500 requests before the cut-over');
    expect(await known({}, logOf([]), { learntFile })).toEqual(first);
    expect(await known({}, logOf(times(30, { durationMs: 900 })), { learntFile }), 'the last few lines').toEqual(first);
    expect(await known({}, undefined, { learntFile }), 'no log at all').toEqual(first);
  });

  it('gives way, route by route, to more of it', async () => {
    const learntFile = join(place().folder, 'learnt.json');
    await known({}, logOf([...times(50), ...times(90, { path: '/api/orders' })]), { learntFile });
    const log = logOf([...times(60), ...times(20, { path: '/api/orders' }), ...times(20, { path: '/api/tables' })]);
    const sources = Object.entries((await known({}, log, { learntFile })).routes).map(([route, { source }]) => [
      route,
      Number.parseInt(source, 10),
    ]);
    expect(Object.fromEntries(sources)).toEqual({ [menu]: 60, 'GET /api/orders': 90, 'GET /api/tables': 20 });
    expect(Object.keys((await known({}, logOf([]), { learntFile })).routes)).toHaveLength(3);
  });

  it('says nothing where the cut-over is another one: its lines may be from after this one', async () => {
    const learntFile = join(place().folder, 'learnt.json');
    await known({}, logOf(times(500)), { learntFile });
    expect((await known({}, logOf([]), { learntFile, cutover: cutoverAt - 1 })).routes).toEqual({});
  });

  it('is read anew where what was kept is damaged, which is told once', async () => {
    const { folder } = place();
    const learntFile = join(folder, 'learnt.json');
    writeFileSync(learntFile, '{"cut');
    const damaged = await known({}, logOf([]), { learntFile });
    expect(damaged.faults).toEqual([expect.stringContaining(`makes no sense, and is now ${learntFile}.corrupt`)]);
    expect(readFileSync(`${learntFile}.corrupt`, 'utf8')).toBe('{"cut');
    const after = await known({}, logOf(times(50)), { learntFile });
    expect(after.faults).toEqual([]);
    expect(Object.keys(after.routes)).toEqual([menu]);
  });

  it('counts all the same where it cannot be kept, which is told', async () => {
    const { folder } = place();
    const nowhere = await known({}, logOf(times(50)), { learntFile: join(folder, 'no', 'learnt.json') });
    expect(Object.keys(nowhere.routes)).toEqual([menu]);
    expect(nowhere.faults).toEqual([expect.stringContaining('cannot be written')]);
    const inTheWay = join(folder, 'learnt.json');
    mkdirSync(inTheWay);
    const unreadable = await known({}, logOf(times(50)), { learntFile: inTheWay });
    expect(unreadable.faults[0]).toContain('cannot be read');
    expect(readdirSync(folder), 'nothing half written is left').toEqual(['learnt.json']);
  });
});

describe('the file with what was captured', () => {
  const content = { capturedAt: '2026-11-19T10:00:00.000Z', routes: { 'GET /': { p95: 1.5, requests: 50 } } };

  it('is written whole, or not at all, and never over an earlier one', async () => {
    const { folder, file } = place();
    await writeLatencyFile(file, content);
    await expect(writeLatencyFile(file, { ...content, routes: {} })).rejects.toMatchObject({ reason: 'baseline' });
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(content);
    expect(readdirSync(folder)).toEqual(['latency.json']);
    await expect(writeLatencyFile(join(folder, 'no', 'file.json'), content)).rejects.toMatchObject({
      reason: 'baseline',
    });
    expect(existsSync(join(folder, 'no'))).toBe(false);
  });
});
