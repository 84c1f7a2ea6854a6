import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { catalogue, type MetricSpec } from '../../src/metrics/catalogue.ts';
import { createMetrics } from '../../src/metrics/metrics.ts';
import type { EventBody } from '../../src/model/event.ts';
import { criterionNames } from '../../src/rules/criteria/list.ts';
import { eventsOf, metricsOf } from './fixture.ts';

const page = readFileSync(new URL('../../docs/metrics.md', import.meta.url), 'utf8');
const specs = Object.entries<MetricSpec>(catalogue);

const labelText = ([name, values]: [string, readonly string[] | string]) =>
  typeof values === 'string' || values.length > 8 ? `\`${name}\`` : `\`${name}\` (${values.join(', ')})`;

const row = ([name, { type, labels = {}, help }]: [string, MetricSpec]) =>
  `| \`${name}\` | ${type} | ${Object.entries(labels).map(labelText).join(', ')} | ${help} |`;

test('the page documents every metric as it is', () => {
  const documented = page.split('\n').filter((line) => line.startsWith('| `rollbackd_'));
  expect(documented).toEqual(specs.map(row));
});

test('what is served is what is in the catalogue', async () => {
  const text = await metricsOf().render();
  const served = [...text.matchAll(/^# TYPE (rollbackd_\S+) (\S+)$/gm)].map(([, name, type]) => [name, type]);
  expect(Object.fromEntries(served)).toEqual(Object.fromEntries(specs.map(([name, { type }]) => [name, type])));
});

test('the metrics of the process are served without those that break the naming rules', async () => {
  const text = await metricsOf().render();
  expect(text).toContain('process_resident_memory_bytes');
  expect(text).not.toMatch(/nodejs_active_\w+_total/);
});

test('two instances do not share anything', async () => {
  const [one, other] = [metricsOf(), metricsOf()];
  one.journalFailed();
  expect(await other.render()).toContain('rollbackd_journal_errors_total 0');
});

test('promtool has nothing to say about a scrape', async (context) => {
  const promtool = spawnSync('promtool', ['--version']);
  if (promtool.error && process.env.REQUIRE_OPTIONAL_TOOLS !== '1') {
    context.skip(
      'promtool is not installed (Debian package prometheus); REQUIRE_OPTIONAL_TOOLS=1 makes this a failure',
    );
  }
  expect(promtool.status, 'promtool runs').toBe(0);
  for (const text of [await metricsOf().render(), await usedMetrics().render()]) {
    const { status, stdout, stderr } = spawnSync('promtool', ['check', 'metrics'], { input: text, encoding: 'utf8' });
    expect(`${stdout}${stderr}`).toBe('');
    expect(status).toBe(0);
  }
});

function usedMetrics() {
  const metrics = createMetrics({
    criteria: criterionNames,
    version: '1.2.3',
    tenants: ['negoes', 'an "odd"\\\nname'],
    channels: ['log'],
    clock: { now: Date.now },
  });
  const failed: EventBody = {
    kind: 'step.failed',
    run: 'r',
    step: 'restore-database:superkafe_negoes',
    attempt: 1,
    tookMs: 1_234,
    reason: 'tool-failed',
    message: '',
  };
  for (const event of eventsOf(failed)) metrics.observeEvent(event);
  metrics.observed({ at: Date.now(), tookMs: 12, probe: 'control', status: 'observed', values: { loopDelayMs: 1 } });
  metrics.backupTaken(0);
  return metrics;
}
