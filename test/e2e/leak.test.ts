import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import axios from 'axios';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { leak } from '../../sandbox/demo/scenarios/leak.ts';
import type { Outcome } from '../../sandbox/demo/scenarios/outcome.ts';
import { type Stage, setStage } from '../../sandbox/demo/stage.ts';

/** Small, so that it ends soon: the demonstration's own size is played by the demonstration. */
const documents = 2_000;
const stopsWithin = 10_000;

const story: string[] = [];
let stage: Stage;
let outcome: Outcome;
let scraped = '';

beforeAll(async () => {
  const say = (line: string) => void story.push(line);
  stage = await setStage({ temperament: 'tidy', mongo: 'standalone', documents, daemon: 'armed', say });
  outcome = await leak(stage);
  scraped = (await axios.get<string>(stage.metricsUrl, { responseType: 'text' })).data;
}, 240_000);

afterAll(async () => {
  await stage?.[Symbol.asyncDispose]();
}, 60_000);

/** Everything that the documentation promises, by name. */
function documentedMetrics(): string[] {
  const page = readFileSync(new URL('../../docs/metrics.md', import.meta.url), 'utf8');
  return [...page.matchAll(/^\| `(rollbackd_\w+)` \| (?:gauge|counter|histogram) \|/gm)].map(([, name = '']) => name);
}

function isNonZero(metric: string): boolean {
  const samples = scraped.matchAll(new RegExp(`^${metric}(?:_sum|_count)?(?:\\{.*\\})? (\\S+)$`, 'gm'));
  return [...samples].some(([, value]) => Number(value) !== 0);
}

/** Processes with the folder in their command line or as their working folder. */
function processesIn(folder: string): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .flatMap((pid) => {
      try {
        const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
        const place = readlinkSync(`/proc/${pid}/cwd`);
        return command.includes(folder) || place.startsWith(folder) ? [`${pid} ${command}`] : [];
      } catch {
        return [];
      }
    });
}

describe('one café is shown the menu of another, and nobody but rollbackd is there', () => {
  it('the leak is contained and rolled back, and an oracle that reads none of it agrees', () => {
    expect(outcome.amiss, story.join('\n')).toEqual([]);
    expect(outcome.leak?.containedAt).toBeDefined();
  });

  it('every step of the rollback was journalled with its duration, and the incident is closed', () => {
    expect(
      outcome.status?.run?.steps.every(({ status, tookMs }) => status === 'succeeded' && tookMs !== undefined),
    ).toBe(true);
    expect(outcome.status?.incident?.status).toBe('closed');
  });

  it('people were told of the breach, the containment and the rollback', () => {
    const told = stage.webhook.received.map(({ subject }) => subject).join('\n');
    expect(told).toMatch(/cross-tenant-leak \(critical\)/);
    expect(told).toMatch(/contained/);
    expect(told).toMatch(/rolled back/);
  });

  it('at least ten of the documented metrics say something afterwards, and each is scraped', () => {
    const documented = documentedMetrics();
    expect(documented.length).toBeGreaterThan(20);
    expect(documented.filter((name) => !scraped.includes(`# TYPE ${name} `))).toEqual([]);
    const said = documented.filter((name) => name !== 'rollbackd_build_info').filter(isNonZero);
    expect(said.length, said.join(', ')).toBeGreaterThanOrEqual(10);
    expect(said).toEqual(
      expect.arrayContaining(['rollbackd_incidents_total', 'rollbackd_runs_total', 'rollbackd_step_duration_seconds']),
    );
  });

  it('the daemon stops within ten seconds of a SIGTERM, with exit code 0', async () => {
    const { daemon } = stage;
    const asked = performance.now();
    daemon?.kill('SIGTERM');
    expect(await daemon?.ended).toBe(0);
    expect(performance.now() - asked).toBeLessThan(stopsWithin);
    expect(existsSync(stage.config.socket)).toBe(false);
  });

  it('nothing is left behind: no process and no folder', async () => {
    const { root } = stage.sandbox;
    await stage[Symbol.asyncDispose]();
    expect(processesIn(root)).toEqual([]);
    expect(existsSync(root)).toBe(false);
  }, 60_000);
});
