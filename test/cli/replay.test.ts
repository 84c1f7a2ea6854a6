import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { exampleWith } from '../config/example.ts';
import { burst, jsonLine, start, written } from '../replay/written.ts';
import { rollbackd } from './command-line.ts';

const config = (changes: Readonly<Record<string, unknown>> = {}) => written(exampleWith(changes), 'rollbackd.yaml');
const log = () => written(burst.map(jsonLine));
const lenient = {
  'rules.error-rate-moderate': { above: '70%', clear: '60%' },
  'rules.error-rate-severe': { above: '80%', clear: '70%' },
};

describe('rollbackd replay', () => {
  it('tells what would have been done about an error burst in a log, without secrets or a daemon', async () => {
    const { code, out } = await rollbackd(['replay', log(), '--config', config()]);
    expect(code).toBe(0);
    expect(out).toMatch(/2026-11-20 00:1\d:\d\d {2}asked +error-rate-severe +severe +error-rate-severe is breach/);
    expect(out).toMatch(/firing {6}error-rate-severe: \S+ in all, once/);
    expect(out).toMatch(/not judged {2}cross-tenant-leak: /);
    expect(out).toContain('nobody answers');
  });

  it('gives machines one act a line, and the same each time', async () => {
    const argv = ['replay', log(), '--config', config(), '--json'];
    const [{ out }, again] = [await rollbackd(argv), await rollbackd(argv)];
    const acts = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(again.out).toBe(out);
    expect(acts[0]).toMatchObject({
      act: 'asked',
      criterion: 'error-rate-severe',
      tier: 'severe',
      incident: 'incident-1',
    });
    expect(Object.keys(acts[0])).toEqual(['time', 'act', 'criterion', 'tier', 'incident', 'reason']);
  });

  it('puts two configurations side by side and marks what only one would have done', async () => {
    const { out } = await rollbackd(['replay', log(), '--config', config(), '--compare', config(lenient)]);
    expect(out).toMatch(/^< {2}2026-11-20 00:1\d:\d\d {2}- {13}asked {6}error-rate-severe/m);
    expect(out).not.toMatch(/^>/m);
  });

  it('says in observe what would have been done, and asks nobody', async () => {
    const { out } = await rollbackd(['replay', log(), '--config', config(), '--mode', 'observe']);
    expect(out).toMatch(/on hold +error-rate-severe .*would have asked people, if armed/);
    expect(out).not.toMatch(/\d {2}asked /);
  });

  it('reads only the stretch that is asked for', async () => {
    const to = new Date(start + 600_000).toISOString();
    const { out } = await rollbackd(['replay', log(), '--config', config(), '--to', to]);
    expect(out).toContain('it would have done nothing');
  });

  it('is an error where nothing could be judged, and says why', async () => {
    const refused = async (...args: string[]) => {
      const { code, err } = await rollbackd(['replay', ...args, '--config', config()]);
      expect(code).toBe(1);
      return err;
    };
    const garbage = written(['nonsense', 'more of it']);
    expect(await refused(garbage, '--format', 'access-log')).toMatch(
      /nothing of it could be judged \(2 lines cannot be used\); line 1: no request/,
    );
    const late = new Date(start + 86_400_000).toISOString();
    expect(await refused(log(), '--from', late)).toContain('it holds nothing between --from and --to');
    const early = new Date(start).toISOString();
    expect(await refused(log(), '--from', early, '--to', early)).toContain('--from must be earlier than --to');
    expect(await refused(dirname(garbage))).toContain('it is a folder or a pipe: write what it holds to a file first');
  });

  it('names every line that it could not use, beside the acts of the rest', async () => {
    const file = written([...burst.map(jsonLine), 'nonsense', 'more of it']);
    const { code, out } = await rollbackd(['replay', file, '--config', config()]);
    expect(code).toBe(0);
    expect(out).toContain('2 lines of the input');
    expect(out).toContain(`${file}:1201  no request in the format json`);
  });

  it('says what is wrong with a configuration before it reads anything', async () => {
    const { code, err } = await rollbackd(['replay', '/nowhere', '--config', written('mode: loud', 'rollbackd.yaml')]);
    expect(code).toBe(1);
    expect(err).toContain('the configuration is not valid');
  });
});
