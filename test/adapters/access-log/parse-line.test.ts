import { describe, expect, it } from 'vitest';
import { lineParser } from '../../../src/adapters/access-log/parse-line.ts';

const parseJson = lineParser({ format: 'json' });
const parseCombined = lineParser({ format: 'combined' });

const line = (changes: Record<string, unknown> = {}) =>
  JSON.stringify({
    time: 1_763_676_000.123,
    method: 'GET',
    path: '/api/menu',
    status: 200,
    duration: 0.045,
    upstream: '127.0.0.1:5001',
    upstreamStatus: '200',
    agent: 'curl/8',
    tenant: 'kopi',
    ...changes,
  });

describe('a line in the JSON format', () => {
  it('is a request with times in milliseconds', () => {
    expect(parseJson(line())).toEqual({
      at: 1_763_676_000_123,
      method: 'GET',
      path: '/api/menu',
      status: 200,
      durationMs: 45,
      upstream: true,
      agent: 'curl/8',
      tenant: 'kopi',
    });
  });

  it('tells by an empty text or a hyphen that the application was not asked, and that no tenant was named', () => {
    expect(parseJson(line({ upstream: '', tenant: '' }))).toMatchObject({ upstream: false, tenant: '' });
    expect(parseJson(line({ upstream: '-', tenant: '-' }))).toMatchObject({ upstream: false, tenant: '' });
    expect(parseJson(line({ upstream: 'a:1, b:2' }))).toMatchObject({ upstream: true });
  });

  it('loses a query that the log holds all the same', () => {
    expect(parseJson(line({ path: '/api/menu?token=secret' }))?.path).toBe('/api/menu');
  });

  it.each([
    ['half a line', line().slice(0, 40)],
    ['nothing', ''],
    ['a stack trace', 'Error: no\n    at a'],
    ['another format', '1.2.3.4 - - [20/Nov/2026:22:00:07 +0100] "GET / HTTP/1.1" 200 5 "-" "-" 0.1'],
    ['another object', '{"level":"info"}'],
    ['a list', '[1]'],
    ['a status that is no number', line({ status: '200' })],
    ['a time before all times', line({ time: -1 })],
    ['a method that is none', line({ method: 'x'.repeat(5_000) })],
    ['what was cut', `${line().slice(0, -1)}[cut]`],
  ])('is no request where it is %s', (_what, text) => {
    expect(parseJson(text)).toBeUndefined();
  });
});

describe('a line in the combined format with the time that it took', () => {
  const combined = (path = '/api/menu?x=1', end = ' 0.045') =>
    `10.0.0.7 - kopi [20/Nov/2026:23:00:07 +0100] "GET ${path} HTTP/1.1" 502 157 "https://a.example/" "Mozilla/5.0 (X11)"${end}`;

  it('is a request in the time zone of the log, of an unknown tenant', () => {
    expect(parseCombined(combined())).toEqual({
      at: Date.parse('2026-11-20T22:00:07Z'),
      method: 'GET',
      path: '/api/menu',
      status: 502,
      durationMs: 45,
      upstream: 'unknown',
      agent: 'Mozilla/5.0 (X11)',
      tenant: '',
    });
  });

  it('is a request of a user whose name holds blanks and brackets, and of a client that writes the whole address', () => {
    for (const user of ['Ada Lovelace', 'a "b" [c] d', '-']) {
      const written = combined().replace(' kopi ', ` ${user} `);
      expect(parseCombined(written), user).toMatchObject({ path: '/api/menu', status: 502, durationMs: 45 });
    }
    expect(parseCombined(combined('http://cafe.example:8080/api/menu?x=1'))?.path).toBe('/api/menu');
    expect(parseCombined(combined('HTTPS://cafe.example'))?.path).toBe('/');
    expect(parseJson(line({ path: 'http://cafe.example/api/menu?token=secret' }))?.path).toBe('/api/menu');
  });

  it('may hold more before the time that it took, and no protocol', () => {
    expect(parseCombined(combined('/', ' "1.2.3.4" 0.5'))?.durationMs).toBe(500);
    expect(parseCombined(combined().replace(' HTTP/1.1', ''))?.path).toBe('/api/menu');
  });

  it('is no request without that time, or with what nginx writes for a request that was none', () => {
    expect(parseCombined(combined('/', ''))).toBeUndefined();
    expect(parseCombined(combined('/', ' -'))).toBeUndefined();
    expect(
      parseCombined('10.0.0.7 - - [20/Nov/2026:23:00:07 +0100] "\\x16\\x03" 400 157 "-" "-" 0.045'),
    ).toBeUndefined();
    expect(parseCombined(combined().replace('20/Nov', '20/Foo'))).toBeUndefined();
    expect(parseCombined(line())).toBeUndefined();
  });

  it('is read in no time, however long and however wrong', () => {
    const started = performance.now();
    for (const wrong of ['a'.repeat(16_000), 'a" '.repeat(5_000), '\\"'.repeat(8_000), '1 '.repeat(8_000)])
      parseCombined(combined(`/${wrong}`, ' no'));
    expect(performance.now() - started).toBeLessThan(200);
  });
});
