import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { strangersIn } from './metric-names.ts';
import { needs, said } from './optional-tool.ts';

const file = join(import.meta.dirname, '../../deploy/prometheus/rollbackd.rules.yaml');
const stories = join(import.meta.dirname, 'alerts.promtool.yaml');
const page = readFileSync(join(import.meta.dirname, '../../docs/metrics.md'), 'utf8');

const rules = z.object({
  groups: z.array(
    z.object({
      rules: z.array(
        z.object({
          alert: z.string(),
          expr: z.string(),
          for: z.string().default(''),
          labels: z.object({ severity: z.enum(['critical', 'warning']) }),
          annotations: z.object({ summary: z.string(), description: z.string() }),
        }),
      ),
    }),
  ),
});
const alerts = rules.parse(parse(readFileSync(file, 'utf8'))).groups.flatMap((group) => group.rules);

test('each alert asks only for what rollbackd serves, and says what it means and what to do', () => {
  expect(alerts.flatMap(({ expr }) => strangersIn(expr))).toEqual([]);
  expect(new Set(alerts.map(({ alert }) => alert)).size).toBe(alerts.length);
});

test('the page lists each alert with its expression and how long that must hold', () => {
  const section = page.slice(page.indexOf('## Worth an alert'));
  const rows = [...section.matchAll(/^\| `(\w+)` \| `(.+?)` \| (\w*) ?\| \w/gm)].map((row) => row.slice(1));
  expect(rows).toEqual(alerts.map(({ alert, expr, for: lasting }) => [alert, expr, lasting]));
});

test('promtool accepts the rules', (context) => {
  needs(context, 'promtool', 'prometheus');
  const { code, text } = said('promtool', ['check', 'rules', file]);
  expect([code, text]).toEqual([0, expect.stringContaining(`SUCCESS: ${alerts.length} rules found`)]);
});

test('in told stories the alerts come when they should, and not before', (context) => {
  needs(context, 'promtool', 'prometheus');
  const folder = mkdtempSync(join(tmpdir(), 'rollbackd-alerts-'));
  try {
    const story = join(folder, 'stories.yaml');
    writeFileSync(story, readFileSync(stories, 'utf8').replace('RULES', file));
    const { code, text } = said('promtool', ['test', 'rules', story]);
    expect([code, text]).toEqual([0, expect.stringContaining('SUCCESS')]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
