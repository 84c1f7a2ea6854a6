import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { redact } from '../../src/core/redaction.ts';

describe('a text of foreign origin', () => {
  test.each([
    ['mongodb://app:s3cret@db1:27017,db2/x', 'mongodb://[redacted]@db1:27017,db2/x'],
    ['failed: mongodb+srv://u:p%40ss@h/?w=1', 'failed: mongodb+srv://[redacted]@h/?w=1'],
    ['mongodb://u:p@ss@h', 'mongodb://[redacted]@h'],
    ['Authorization: Bearer abc.def-123', 'Authorization: Bearer [redacted]'],
    ['{"password":"s3cret","n":1}', '{"password":"[redacted]","n":1}'],
    ['{"password": "with a \'blank\'", "n":1}', '{"password": "[redacted]", "n":1}'],
    ['password: "cut off in the mid', 'password: "[redacted]"'],
    ['JWT_SECRET=s3cret PORT=1', 'JWT_SECRET=[redacted] PORT=1'],
    ['?token=abc&x=1', '?token=[redacted]&x=1'],
    ["apiKey: 's3cret'", "apiKey: '[redacted]'"],
    ['x-api-key: s3cret', 'x-api-key: [redacted]'],
    ['mongodump --password s3cret --db x', 'mongodump --password [redacted] --db x'],
    ['{"password":"a\\"b","n":1}', '{"password":"[redacted]","n":1}'],
    ['Cookie: a=b; connect.sid=s%3Ax\nHost: h', 'Cookie: [redacted]\nHost: h'],
    ["cookie: 'a=\"b\"; c=d', host: 'h'", "cookie: '[redacted]', host: 'h'"],
    ['{"set-cookie":["a=b; Path=/","c=d"],"n":1}', '{"set-cookie":[redacted],"n":1}'],
    ['"{\\"cookie\\":\\"a=b; c=d\\"}"', '"{\\"cookie\\":\\"[redacted]\\"}"'],
    ['authorization: k3y', 'authorization: [redacted]'],
    ['Authorization: Digest username="u", response="r"', 'Authorization: [redacted]'],
    ['{"authorization":"Bearer abc","n":1}', '{"authorization":"Bearer [redacted]","n":1}'],
    ['authorization: \'Token t="abc"\',', "authorization: '[redacted]',"],
    ['sid=abc&x=1', 'sid=[redacted]&x=1'],
    ['{"connect.sid":"s%3Aabc"}', '{"connect.sid":"[redacted]"}'],
    ['JSESSIONID=abc; x', 'JSESSIONID=[redacted]; x'],
    ["session: { id: 'abc' }, n: 1", 'session: [redacted], n: 1'],
    ['userSessionId=abc n', 'userSessionId=[redacted] n'],
    ['index: email_1 dup key: { email: "a}b@c.d" } | next', 'index: email_1 dup key: [redacted] | next'],
    ['dup key: { a: { b: "x" }, c: 1 }', 'dup key: [redacted]'],
    ['dup key: { : "cut off in the mid', 'dup key: [redacted]'],
    ["keyValue: { email: 'a@b.c' },", 'keyValue: [redacted],'],
    ['"keyValue":{"email":"a@b.c"},"code":11000', '"keyValue":[redacted],"code":11000'],
  ])('loses the secret of %s', (text, expected) => {
    expect(redact(text)).toBe(expected);
  });

  test('stays as it is where there is nothing to hide', () => {
    for (const line of [
      '2026-11-23T15:00:00Z finished restoring `a.b` (2500 documents, 0 failures) http://h:80/path@x',
      'activeSessions: 5, inside: 3, residue=1, 2 sessions started',
      "Failed: can't create session: could not connect to server",
      'not authorized on cafe_a to execute command',
    ]) {
      expect(redact(line)).toBe(line);
    }
  });

  test('never keeps a secret, however it is handed over', () => {
    const password = fc.stringMatching(/^[A-Za-z0-9%!$*+=._~-]{8,20}$/);
    const way = fc.constantFrom<(secret: string) => string>(
      (secret) => `mongodb://user:${secret}@host/db`,
      (secret) => JSON.stringify({ dbPassword: secret }),
      (secret) => `ADMIN_TOKEN='${secret}'`,
      (secret) => `--api-key ${secret}`,
      (secret) => `Cookie: a=b; c=${secret}`,
      (secret) => JSON.stringify({ headers: JSON.stringify({ authorization: secret, cookie: `x=${secret}` }) }),
      (secret) => `connect.sid=${secret}`,
      (secret) => `E11000 dup key: { email: "${secret}", n: 1 }`,
    );
    fc.assert(
      fc.property(password, way, fc.lorem(), (secret, write, around) => {
        expect(redact(`${around} ${write(secret)} ${around}`)).not.toContain(secret);
      }),
    );
  });

  test('is not changed by a second look', () => {
    const piece = fc.constantFrom(
      'password',
      '=',
      ': ',
      '"',
      "'",
      ' ',
      'x',
      'mongodb://',
      '@',
      ':',
      'Bearer ',
      '--token ',
      'cookie',
      'authorization',
      'session',
      'sid',
      'dup key: ',
      'keyValue',
      '{',
      '}',
      '[',
      ']',
      '\\',
      '\n',
    );
    const text = fc.array(piece, { maxLength: 15 }).map((pieces) => pieces.join(''));
    fc.assert(fc.property(text, (written) => redact(redact(written)) === redact(written)));
  });

  test('is looked through quickly, even where it nearly matches all along', () => {
    const started = performance.now();
    for (const piece of [
      'a-',
      'a.',
      'password',
      'x://',
      '--token ',
      'Bearer ',
      'cookie: [',
      'sid: {',
      'dup key: { "\n',
      'session',
    ])
      redact(piece.repeat(200_000));
    expect(performance.now() - started).toBeLessThan(5_000);
  });
});
