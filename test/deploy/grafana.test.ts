import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { stringify } from 'yaml';
import { z } from 'zod';
import { metricsOf } from '../metrics/fixture.ts';
import { strangersIn } from './metric-names.ts';
import { needs, said } from './optional-tool.ts';

const query = z.object({ expr: z.string(), refId: z.string() });
const dashboard = z
  .object({
    title: z.literal('rollbackd'),
    panels: z.array(z.object({ id: z.int(), title: z.string().min(1), targets: z.array(query).min(1) })),
    annotations: z.object({ list: z.array(z.object({ expr: z.string() })) }),
  })
  .parse(JSON.parse(readFileSync(join(import.meta.dirname, '../../deploy/grafana/rollbackd.json'), 'utf8')));
const expressions = [
  ...dashboard.panels.flatMap(({ targets }) => targets.map(({ expr }) => expr)),
  ...dashboard.annotations.list.map(({ expr }) => expr),
];

test('each panel asks only for what rollbackd serves', async () => {
  expect(expressions.flatMap(strangersIn)).toEqual([]);
  const text = await metricsOf().render();
  const others = expressions.flatMap((expr) => [...expr.matchAll(/\b(?:process|nodejs)_\w+/g)].map(([name]) => name));
  expect(others.filter((name) => !text.includes(`# TYPE ${name} `))).toEqual([]);
});

test('panels do not share a number, nor queries of one panel a letter', () => {
  expect(new Set(dashboard.panels.map(({ id }) => id)).size).toBe(dashboard.panels.length);
  for (const { targets, title } of dashboard.panels) {
    expect(new Set(targets.map(({ refId }) => refId)).size, title).toBe(targets.length);
  }
});

test('Prometheus can read every query', (context) => {
  needs(context, 'promtool', 'prometheus');
  const folder = mkdtempSync(join(tmpdir(), 'rollbackd-dashboard-'));
  try {
    const file = join(folder, 'queries.yaml');
    const rules = expressions.map((expr, index) => ({ record: `query_${index}`, expr }));
    writeFileSync(file, stringify({ groups: [{ name: 'dashboard', rules }] }));
    expect(said('promtool', ['check', 'rules', file])).toMatchObject({ code: 0 });
  } finally {
    rmSync(folder, { recursive: true });
  }
});
