import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import { askAt } from '../../src/cli/ask.ts';

const never = new AbortController().signal;

/** As much of the process's own streams as a question needs. */
function streams(isTTY: boolean) {
  const stdin = Object.assign(new PassThrough(), { isTTY }) as unknown as NodeJS.ReadStream;
  const stdout = Object.assign(new PassThrough(), { isTTY }) as unknown as NodeJS.WriteStream;
  return { stdin, stdout };
}

it('asks at a terminal, and gives what was typed', async () => {
  const { stdin, stdout } = streams(true);
  Object.assign(stdin, { setRawMode: () => stdin });
  const answer = askAt({ stdin, stdout }, never)?.('yes or no: ');
  stdin.unshift('yes\n');
  expect(await answer).toBe('yes');
  expect(String(stdout.read())).toContain('yes or no: ');
});

it('asks nobody where there is no terminal', () => {
  expect(askAt(streams(false), never)).toBeUndefined();
});
