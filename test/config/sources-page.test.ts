import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { exampleWith, loadText } from './example.ts';

const page = readFileSync(join(import.meta.dirname, '../../docs/sources.md'), 'utf8');
const blocks = [...page.matchAll(/```yaml\n(.*?)```/gs)].map(([, text = '']) => parse(text));

/** Where each block belongs in a whole configuration. */
const places = ['traffic.accessLog', 'probes.prometheus', 'probes.unified.journeys', 'probes.legacy.journeys'];
const at = (block: unknown, place: string): unknown =>
  place.split('.').reduce<unknown>((within, key) => (within as Record<string, unknown> | undefined)?.[key], block);

test.each(places)('the page about sources shows %s as it works', (place) => {
  const [shown, ...more] = blocks.map((block) => at(block, place)).filter((value) => value !== undefined);
  expect(more).toEqual([]);
  const without = { 'probes.prometheus': null, 'probes.unified.journeys': null, 'probes.legacy.journeys': null };
  const loaded = loadText(exampleWith({ ...without, [place]: shown }));
  expect(loaded.status === 'invalid' ? loaded.faults : []).toEqual([]);
});

test('the page about sources has no paragraph that is longer than one reads', () => {
  const paragraphs = page.replaceAll(/```.*?```/gs, '').split(/\n\n/);
  expect(paragraphs.filter((each) => !each.startsWith('|') && each.length >= 600)).toEqual([]);
});
