import { describe, expect, test } from 'vitest';
import { type Document, isMap, isSeq, parse, parseDocument } from 'yaml';
import { z } from 'zod';
import { configurePage } from '../../scripts/configure-page.ts';
import { configShape, type Shape } from '../../src/config/json-schema.ts';
import { faultText } from '../../src/config/load.ts';
import { exampleText, loadText } from './example.ts';
import { keysOf } from './schema-keys.ts';

const keys = keysOf(configShape());
const page = configurePage('# Configuration', configShape());

/** Path of a key -> what stands in its row. */
const rows = new Map(
  page.split('\n').flatMap((line) => {
    const [, name = '', what = '', fallback = '', meaning = ''] = line.split(/(?<!\\) ?\| ?/);
    const path = /^\[?`([^`]+)`/.exec(name)?.[1];
    return path === undefined ? [] : [[path, { what, fallback, meaning }] as const];
  }),
);
const row = (path: string) => rows.get(path) ?? { what: '', fallback: '', meaning: '' };

const fallbackOf = (path: string) =>
  row(path)
    .fallback.replace(/^`(.*)`$/, '$1')
    .replaceAll('\\|', '|');

const hasKeys = ({ items, properties }: Shape): boolean =>
  (properties ?? (items as Shape | undefined)?.properties) !== undefined;

/** Where a document has the section that a key belongs to: with `[]`, in each entry of the list. */
function placesOf(document: Document, path: string): (string | number)[][] {
  return path.split('.').reduce<(string | number)[][]>(
    (places, part) => {
      const here = places.filter((place) => isMap(document.getIn(place)));
      return here.flatMap((place) => entriesOf(document, [...place, part.replace('[]', '')], part.endsWith('[]')));
    },
    [[]],
  );
}

function entriesOf(document: Document, place: (string | number)[], isList: boolean): (string | number)[][] {
  const list = document.getIn(place);
  if (!isList) return [place];
  return isSeq(list) ? list.items.map((_, index) => [...place, index]) : [];
}

function hashOf(document: Document): string {
  const loaded = loadText(document.toString({ lineWidth: 0 }));
  if (loaded.status === 'valid') return loaded.hash;
  throw new Error(loaded.faults.map(faultText).join('\n'));
}

/** Without these the journeys of the example are no shorter ones but wrong ones. */
const makesAJourney = /\.journeys\[\]\.(writes|steps\[\]\.(method|changesNothing|save))$/;

describe('the page of the configuration', () => {
  test('names every key with all that the schema says about it, and no other', () => {
    expect([...rows.keys()].sort()).toEqual(keys.map(({ path }) => path).sort());
    const plain = page.replaceAll('](../', '](').replaceAll(/\[((?:docs|deploy)[^\]]+)\]\(\1\)/g, '$1');
    expect(keys.filter(({ shape }) => !plain.includes(shape.description ?? '')).map(({ path }) => path)).toEqual([]);
  });

  test('says in words what to write', () => {
    const whats = {
      'rules.unavailable.for': 'duration',
      'rules.unavailable.clearFor': 'duration or 0s',
      'rollback.keepFree': 'size',
      'rules.latency-severe.share': 'ratio',
      'rules.latency-severe.above': 'number > 1',
      'mongo.unified.port': 'whole number 1 to 65535',
      'probes.concurrency': 'whole number > 0',
      'guard.maxWritesLost.inserts': 'whole number ≥ 0 or `unlimited`',
      'guard.until': 'moment',
      'state.folder': 'absolute path',
      'mongo.users.observer.password': 'secret',
      'log.level': '`debug`, `info`, `warn` or `error`',
      'watch.compressed': '`true` or `false`',
      'code.keep': 'list of relative paths',
      'probes.unified.health.expectStatus': 'list of 1 or more whole numbers 100 to 599',
      'baseline.latency.given': 'map to duration',
      people: 'list of 1 or more sections',
      'notify.slack': 'section',
    };
    expect(Object.fromEntries(Object.keys(whats).map((path) => [path, row(path).what]))).toEqual(whats);
  });

  test('never shows the expression by which a text is checked', () => {
    const patterns = [...JSON.stringify(configShape()).matchAll(/"pattern":("(?:[^"\\]|\\.)*")/g)];
    expect(patterns.length).toBeGreaterThan(10);
    expect(patterns.map(([, text = '']) => JSON.parse(text)).filter((pattern) => page.includes(pattern))).toEqual([]);
  });

  test('says what may be left out, and what stands for it then, as people write it', () => {
    const fallbacks = {
      'rules.unavailable.for': '`15m`',
      'rollback.keepFree': '`1GiB`',
      'rules.error-rate-severe.above': '`10%`',
      'dependencies.install': '`[ci, --omit=dev]`',
      'process.environment': '`{}`',
      'state.folder': 'required',
      'people[].uid': '-',
    };
    expect(Object.fromEntries(Object.keys(fallbacks).map((path) => [path, row(path).fallback]))).toEqual(fallbacks);
  });

  test('tells defaults that change nothing where they are written out', () => {
    const bare = parseDocument(exampleText);
    const given = keys
      .filter(({ path, shape }) => shape.default !== undefined && !hasKeys(shape) && !makesAJourney.test(path))
      .map(({ path }) => path);
    for (const path of given) for (const place of placesOf(bare, path)) bare.deleteIn(place);
    const full = bare.clone();
    for (const path of given) for (const place of placesOf(full, path)) full.setIn(place, parse(fallbackOf(path)));
    expect(hashOf(full)).toBe(hashOf(bare));
    const written = given.filter((path) => placesOf(full, path).some((place) => full.hasIn(place)));
    expect(written.length).toBeGreaterThan(80);
  });

  test('leads from each key with keys of its own to their section', () => {
    const headings = [...page.matchAll(/^#+ (.*)$/gm)].map(([, text = '']) => text);
    const anchors = headings.map((text) => text.toLowerCase().replaceAll(/[^\w\- ]/g, ''));
    expect(new Set(anchors).size).toBe(anchors.length);
    const links = [...page.matchAll(/\]\(#([^)]*)\)/g)].map(([, anchor]) => anchor);
    expect(links.length).toBeGreaterThan(60);
    expect(links.filter((anchor) => !anchors.includes(anchor ?? ''))).toEqual([]);
  });

  test('is not made from a schema that it has no words for', () => {
    const channel = z.union([z.strictObject({ slack: z.string() }), z.strictObject({ mail: z.string() })]);
    const schema = z.toJSONSchema(z.strictObject({ channel }));
    expect(() => configurePage('', schema)).toThrow('no words for');
  });
});
