import { pino } from 'pino';
import { expect, test } from 'vitest';
import { logOptions } from '../../src/engine/log.ts';

/** One line of the log, as it is written. */
function logged(write: (log: pino.Logger) => void): string {
  const lines: string[] = [];
  write(pino(logOptions('info'), { write: (line: string) => void lines.push(line) }));
  return lines.join('');
}

test('nothing that comes from outside is an order to a terminal, wherever it stands in a line', () => {
  const evil = '\u001b[2J\u009b31mSari';
  const line = logged((log) => log.warn({ user: evil, faults: [evil], inner: { [evil]: evil } }, `${evil} said no`));
  expect(line).not.toMatch(/\\u001b|\u009b/);
  expect(JSON.parse(line)).toMatchObject({
    level: 40,
    user: '[2J31mSari',
    faults: ['[2J31mSari'],
    inner: { '[2J31mSari': '[2J31mSari' },
    msg: '[2J31mSari said no',
  });
});

test('a secret is taken out of a field, and out of whatever lies in it', () => {
  const line = logged((log) =>
    log.info({ reason: 'password=otter', faults: ['mongodb://a:otter@host/'] }, 'as it was'),
  );
  expect(line).not.toContain('otter');
  expect(JSON.parse(line)).toMatchObject({ msg: 'as it was' });
});
