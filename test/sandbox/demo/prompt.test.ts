import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { pickScenario } from '../../../sandbox/demo/prompt.ts';

const demo = fileURLToPath(new URL('../../../sandbox/demo/main.ts', import.meta.url));

async function refused(...options: readonly string[]) {
  const child = spawn(process.execPath, [demo, ...options], { stdio: ['ignore', 'pipe', 'pipe'] });
  const chunks: Buffer[] = [];
  child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk));
  const [code] = await once(child, 'close');
  return { code, said: Buffer.concat(chunks).toString() };
}

describe('the prompt of the demo', () => {
  it('asks again until it is answered with a scenario', async () => {
    const answers = ['leek', '', ' outage '];
    let asked = 0;
    expect(await pickScenario(async () => answers[asked++])).toBe('outage');
    expect(asked).toBe(3);
  });

  it('ends where a person wants to end', async () => {
    expect(await pickScenario(async () => undefined)).toBeUndefined();
  });

  it('is not waited for where there is no terminal: what to say instead is told, with 1', async () => {
    const { code, said } = await refused();
    expect(code).toBe(1);
    expect(said).toContain('--scenario leak');
  });

  it.each(['abc', '0', '-5', '1.5'])('takes no %s for a number of documents', async (number) => {
    const { code, said } = await refused('--scenario', 'leak', '--documents', number);
    expect(code).toBe(1);
    expect(said).toContain('It must be a whole number from 1 on.');
  });
});
