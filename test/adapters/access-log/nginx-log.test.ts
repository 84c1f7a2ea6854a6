import {
  appendFileSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  truncateSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import type { AccessEntry } from '../../../src/adapters/access-log/contract.ts';
import { nginxAccessLog } from '../../../src/adapters/access-log/nginx-log.ts';
import { readLinesSince } from '../../../src/adapters/logs/read-on.ts';

const start = Date.parse('2026-11-20T22:00:00Z');
const hour = 3_600_000;

const line = (path: string, at = start) =>
  `${JSON.stringify({ time: at / 1_000, method: 'GET', path, status: 200, duration: 0.01, upstream: 'a:1' })}\n`;

function makeLog(format: 'json' | 'combined' = 'json', paths = ['/']) {
  const folder = mkdtempSync(join(tmpdir(), 'rollbackd-test-access-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'access.log');
  const log = nginxAccessLog({ file, format, paths });
  return {
    folder,
    file,
    log,
    write: (...written: string[]) => appendFileSync(file, written.map((path) => line(path)).join('')),
    async paths() {
      const seen: string[] = [];
      await log.readOn(({ path }) => seen.push(path));
      return seen;
    },
    async before(moment: number, mostBytes = 1024 * 1024) {
      const seen: AccessEntry[] = [];
      await log.readBefore(moment, mostBytes, (entry) => seen.push(entry));
      return seen;
    },
  };
}

test('it is read from its end on, each request once', async () => {
  const { write, paths } = makeLog();
  write('/old');
  expect(await paths()).toEqual([]);
  write('/one', '/two');
  expect(await paths()).toEqual(['/one', '/two']);
  expect(await paths()).toEqual([]);
});

test('however much is written between two looks, all of it is read', async () => {
  const { file, write, paths } = makeLog();
  write('/old');
  await paths();
  const filler = `${'-'.repeat(16_000)}\n`.repeat(70);
  write('/first');
  for (let megabyte = 0; megabyte < 70; megabyte++) appendFileSync(file, filler);
  write('/last');
  expect(await paths()).toEqual(['/first', '/last']);
});

test('of more than can be followed the newest is read, and how much was left out is told', async () => {
  const { file, write } = makeLog();
  write('/old');
  const lines: string[] = [];
  const reading = { maxLine: 1_000, mostBytes: 2 * line('/path').length, onLine: (one: string) => lines.push(one) };
  const { positions } = await readLinesSince(file, undefined, reading);
  write('/1111', '/2222', '/3333');
  renameSync(file, `${file}.1`);
  write('/4444');
  const { leftOut } = await readLinesSince(file, positions, reading);
  expect(lines.map((one) => JSON.parse(one).path)).toEqual(['/3333', '/4444']);
  expect(leftOut).toBe(2 * line('/path').length);
});

test('what was written before it was renamed and after it was opened anew is read, each once', async () => {
  const { file, write, paths } = makeLog();
  write('/old');
  await paths();
  write('/before');
  renameSync(file, `${file}.1`);
  expect(await paths(), 'before nginx has opened a new one').toEqual(['/before']);
  appendFileSync(`${file}.1`, line('/late'));
  write('/after');
  expect(await paths()).toEqual(['/late', '/after']);
  renameSync(`${file}.1`, `${file}.2`);
  renameSync(file, `${file}.1`);
  appendFileSync(`${file}.1`, line('/last'));
  write('/next');
  expect(await paths()).toEqual(['/last', '/next']);
});

test('what was written before it was copied and emptied is read from the copy, once', async () => {
  const { file, write, paths } = makeLog();
  write('/old');
  await paths();
  write('/before');
  copyFileSync(file, `${file}.1`);
  truncateSync(file);
  write('/after');
  expect(await paths()).toEqual(['/before', '/after']);
  expect(await paths()).toEqual([]);
});

test('half a line is no request before its other half is there', async () => {
  const { file, write, paths } = makeLog();
  write('/old');
  await paths();
  const whole = line('/slowly');
  appendFileSync(file, whole.slice(0, 20));
  expect(await paths()).toEqual([]);
  appendFileSync(file, whole.slice(20));
  expect(await paths()).toEqual(['/slowly']);
});

test('lines that are no requests, one without end among them, hide none of the others', async () => {
  const { file, write, paths } = makeLog();
  write('/old');
  await paths();
  write('/one');
  appendFileSync(
    file,
    `garbage\n\n{"level":"info"}\n${'x'.repeat(3_000_000)}\n${line('/long').trim()}${' '.repeat(40_000)}\n`,
  );
  write('/two');
  expect(await paths()).toEqual(['/one', '/two']);
});

test('a log that is missing is said to be, and is read once it is there', async () => {
  const { file, write, paths } = makeLog();
  await expect(paths()).rejects.toMatchObject({ reason: 'log-unreadable' });
  write('/first');
  expect(await paths()).toEqual([]);
  write('/second');
  unlinkSync(file);
  await expect(paths()).rejects.toMatchObject({ reason: 'log-unreadable' });
  write('/then-the-third');
  expect(await paths()).toEqual(['/then-the-third']);
});

test('a log that cannot be read is said to be: a link that leads in a circle, a folder in its place', async () => {
  const { folder } = makeLog();
  mkdirSync(join(folder, 'folder.log'));
  for (const file of [join(folder, 'folder.log'), join(folder, 'access.log', 'inside.log')]) {
    if (!existsSync(join(folder, 'access.log'))) writeFileSync(join(folder, 'access.log'), '');
    const log = nginxAccessLog({ file, format: 'json', paths: ['/'] });
    await expect(log.readOn(() => {})).rejects.toMatchObject({ reason: 'log-unreadable' });
  }
});

const combinedLine = '1.1.1.1 - - [20/Nov/2026:22:00:07 +0000] "GET /api/menu HTTP/1.1" 200 5 "-" "x" 0.04\n';

test('a log in another format is no quiet night: it is said to be unreadable until a request is read', async () => {
  const { file, write, paths } = makeLog('json');
  write('/old');
  await paths();
  appendFileSync(file, combinedLine.repeat(49));
  expect(await paths(), 'a few such lines').toEqual([]);
  appendFileSync(file, combinedLine);
  const unreadable = { reason: 'log-unreadable', message: expect.stringContaining('no requests in the format json') };
  await expect(paths()).rejects.toMatchObject(unreadable);
  await expect(paths(), 'with nothing new').rejects.toMatchObject(unreadable);
  write('/one');
  expect(await paths()).toEqual(['/one']);
  write('/two');
  appendFileSync(file, combinedLine.repeat(60));
  expect(await paths(), 'no request is lost to what follows it').toEqual(['/two']);
  await expect(paths()).rejects.toMatchObject(unreadable);
});

test('a log without any request for the configured paths, or without any tenant, is doubted in words', async () => {
  const { file, log, write } = makeLog('json', ['/api/']);
  write('/old');
  const look = () => log.readOn(() => {});
  await look();
  write(...Array.from({ length: 199 }, () => '/assets/app.js'));
  expect(await look()).toEqual([]);
  write('/assets/app.js');
  expect(await look()).toEqual(['none of the last 200 requests is for /api/']);
  write(...Array.from({ length: 200 }, () => '/api/menu'));
  expect(await look()).toEqual([expect.stringContaining('none of the last 200 requests names a tenant')]);
  appendFileSync(file, line('/api/menu').replace('{', '{"tenant":"kopi",'));
  expect(await look()).toEqual([]);
});

test('the combined format names no tenants, and is not doubted for it', async () => {
  const { file, log } = makeLog('combined');
  writeFileSync(file, '');
  await log.readOn(() => {});
  appendFileSync(file, combinedLine.repeat(300));
  expect(await log.readOn(() => {})).toEqual([]);
});

test('only requests for the configured paths are handed on', async () => {
  const { write, paths } = makeLog('json', ['/api/', '/login']);
  write('/old');
  await paths();
  write('/api/menu', '/assets/app.js', '/login');
  expect(await paths()).toEqual(['/api/menu', '/login']);
});

test('the combined format is read on, too', async () => {
  const { file, log } = makeLog('combined');
  writeFileSync(file, '');
  await log.readOn(() => {});
  appendFileSync(file, '1.1.1.1 - - [20/Nov/2026:22:00:07 +0000] "POST /api/orders HTTP/2.0" 500 5 "-" "x" 1.5\n');
  const seen: unknown[] = [];
  await log.readOn((entry) => seen.push([entry.method, entry.path, entry.status, entry.durationMs]));
  expect(seen).toEqual([['POST', '/api/orders', 500, 1_500]]);
});

test('a look that fails has moved nothing: the same lines are handed on again', async () => {
  const { write, log, paths } = makeLog();
  write('/old');
  await paths();
  write('/one', '/two');
  const fault = log.readOn(({ path }) => {
    if (path === '/two') throw new Error('interrupted');
  });
  await expect(fault).rejects.toThrow('interrupted');
  expect(await paths()).toEqual(['/one', '/two']);
});

test('what is older than a moment is found in rotated files too, but not in compressed ones', async () => {
  const { file, before } = makeLog();
  const day = 24 * 3_600_000;
  const put = (name: string, days: number, ...written: string[]) => {
    writeFileSync(name, written.map((path, index) => line(path, start + days * day + index * 1_000)).join(''));
    utimesSync(name, (start + days * day) / 1_000, (start + days * day) / 1_000);
  };
  put(file, 1, '/new');
  put(`${file}.1`, -1, '/a', '/b');
  put(`${file}.2`, -2, '/c');
  writeFileSync(`${file}.3.gz`, 'not read');
  expect((await before(start)).map(({ path }) => path)).toEqual(['/c', '/a', '/b']);
  expect(await before(start - 3 * day)).toEqual([]);
});

test('of more than may be read there is a sample in which each hour has its share, whatever paths count', async () => {
  const { file, before } = makeLog('json', ['/api/']);
  const hours = Array.from({ length: 24 }, (_, index) => index);
  const linesOf = (each: number) =>
    Array.from({ length: 5_000 }, (_, index) =>
      line(index % 4 === 0 ? '/api/menu' : '/assets/app.js', start + each * hour + index * 700),
    );
  writeFileSync(`${file}.1`, hours.slice(0, 12).flatMap(linesOf).join(''));
  writeFileSync(file, hours.slice(12).flatMap(linesOf).join(''));
  const seen = Map.groupBy(await before(start + 20 * hour, 3 * 1024 * 1024), ({ at }) =>
    Math.floor((at - start) / hour),
  );
  expect([...seen.keys()]).toEqual(hours.slice(0, 20));
  const counts = [...seen.values()].map(({ length }) => length);
  expect(Math.max(...counts)).toBeLessThan(2 * Math.min(...counts));
  expect(Math.max(...counts)).toBeLessThan(1_250 / 2);
});

test('what was written after the moment thins the sample of what was before it by nothing, in rotated files either', async () => {
  const { file, before } = makeLog();
  const rows = (count: number, from: number) =>
    Array.from({ length: count }, (_, index) => line('/menu', from + index * 100)).join('');
  const cutover = start + 7_000 * 100;
  writeFileSync(file, rows(7_000, start) + rows(70_000, cutover));
  expect((await before(cutover)).length).toBeGreaterThan(6_000);
  renameSync(file, `${file}.1`);
  writeFileSync(file, rows(70_000, cutover + hour));
  expect((await before(cutover)).length).toBeGreaterThan(6_000);
});

test('of files far smaller than the gaps of the sample, not the beginnings alone are read', async () => {
  const { file, before } = makeLog();
  const day = 24 * hour;
  for (let age = 40; age > 0; age -= 1) {
    const rows = Array.from({ length: 1_440 }, (_, minute) => line('/menu', start - age * day + minute * 60_000));
    writeFileSync(`${file}.${age}`, rows.join(''));
    utimesSync(`${file}.${age}`, new Date(start - age * day), new Date(start - age * day));
  }
  writeFileSync(file, '');
  const hours = Map.groupBy(await before(start, 1024 * 1024), ({ at }) =>
    Math.floor(((at - start + 40 * day) % day) / (6 * hour)),
  );
  expect(hours.size).toBe(4);
  const counts = [...hours.values()].map(({ length }) => length);
  expect(Math.max(...counts)).toBeLessThan(2 * Math.min(...counts));
});

test('five hundred requests a second are read in a small part of that time', async () => {
  const { file, write, paths } = makeLog();
  write('/old');
  await paths();
  appendFileSync(file, Array.from({ length: 5_000 }, (_, index) => line(`/api/menu/${index}`)).join(''));
  const started = performance.now();
  expect(await paths()).toHaveLength(5_000);
  expect(performance.now() - started).toBeLessThan(2_000);
});

type Act = 'write' | 'write two' | 'half' | 'rename' | 'copy' | 'look';

test('whatever the rotation, however it falls between two looks, no request is lost and none is counted twice', async () => {
  const act = fc.constantFrom<Act>('write', 'write', 'write two', 'half', 'rename', 'copy', 'look', 'look');
  await fc.assert(
    fc.asyncProperty(fc.constantFrom('rename', 'copy'), fc.array(act, { maxLength: 40 }), async (method, acts) => {
      const folder = mkdtempSync(join(tmpdir(), 'rollbackd-test-access-'));
      const file = join(folder, 'access.log');
      const log = nginxAccessLog({ file, format: 'json', paths: ['/'] });
      const seen: string[] = [];
      const written: string[] = [];
      let now = 1_000_000;
      let half = '';
      const touch = (path: string) => utimesSync(path, now, now);
      const finish = () => {
        if (half !== '') appendFileSync(file, half);
        half = '';
      };
      // Lines begin with their times, by which one is told from another before its end is there.
      const next = () => {
        finish();
        const path = `/${written.length}`;
        written.push(path);
        return line(path, start + written.length * 1_000);
      };
      const write = () => appendFileSync(file, next());
      const rotate = () => {
        finish();
        const numbers = readdirSync(folder).flatMap((name) => name.match(/\d+$/) ?? []);
        for (const number of numbers.map(Number).sort((a, b) => b - a))
          renameSync(`${file}.${number}`, `${file}.${number + 1}`);
        if (method === 'rename') renameSync(file, `${file}.1`);
        else copyFileSync(file, `${file}.1`);
        touch(`${file}.1`);
        writeFileSync(file, '');
      };
      try {
        writeFileSync(file, line('/old'));
        await log.readOn(() => {});
        for (const one of [...acts, 'write', 'look'] satisfies Act[]) {
          now += 1;
          if (one === 'write' || one === 'write two') write();
          if (one === 'write two') write();
          if (one === 'half') {
            const whole = next();
            appendFileSync(file, whole.slice(0, 25));
            half = whole.slice(25);
          }
          if (one === 'rename' || one === 'copy') rotate();
          if (one === 'look') await log.readOn(({ path }) => seen.push(path));
          touch(file);
        }
        expect(seen).toEqual(written);
      } finally {
        rmSync(folder, { recursive: true });
      }
    }),
    { numRuns: 60 },
  );
});
