import type { Shape } from '../src/config/json-schema.ts';
import { atLeast, defaultInWords, valueInWords } from './value-in-words.ts';

interface Key {
  /** `people[].name`; empty for the whole file. */
  readonly path: string;
  readonly shape: Shape;
  readonly required: boolean;
}

/** docs/configure.md: after its introduction every key of the configuration, as the schema tells it. */
export function configurePage(introduction: string, schema: Shape): string {
  const sections = keysWithin({ path: '', shape: schema });
  const parts = [introduction.trim(), table(sections.map(pointer)), ...sections.flatMap((key) => section(key, '##'))];
  return `${parts.join('\n\n')}\n`;
}

/** What a key is about, a table of what is in it, and a section for each key in it that has keys again. */
function section(key: Key, hashes: string): string[] {
  const heading = `${hashes} ${plainPath(key)}`;
  if (!hasKeys(key)) return [heading, table([entry(key)])];
  const keys = keysWithin(key);
  const nested = keys.filter(hasKeys).flatMap((each) => section(each, '###'));
  return [heading, meaning(key), table(keys.map((each) => (hasKeys(each) ? pointer(each) : entry(each)))), ...nested];
}

function table(rows: readonly (readonly string[])[]): string {
  const all = [['key', 'what to write', 'default', 'meaning'], ['---', '---', '---', '---'], ...rows];
  return all.map((cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`).join('\n');
}

/** A key that is told here. */
const entry = (key: Key): string[] => [`\`${key.path}\``, whatToWrite(key), fallback(key), meaning(key)];

/** A key that has a section of its own on the page. */
const pointer = (key: Key): string[] => [
  `[\`${key.path}\`](#${anchor(key)})`,
  whatToWrite(key),
  fallback(key),
  firstSentence(meaning(key)),
];

const fallback = (key: Key): string => (key.required ? 'required' : (defaultInWords(key.shape) ?? '-'));

/** With its references to files as links. */
const meaning = ({ shape: { description = '' } }: Key): string =>
  description.replace(/\b(?:docs|deploy)\/[\w/.-]+\w/g, '[$&](../$&)');

const firstSentence = (text: string): string => /^.*?\.(?= |$)/.exec(text)?.[0] ?? text;

function whatToWrite(key: Key): string {
  if (!hasKeys(key)) return valueInWords(key.shape);
  return isList(key) ? `list of ${atLeast(key.shape)}sections` : 'section';
}

/** What GitHub makes of a heading. */
const anchor = (key: Key): string => plainPath(key).toLowerCase().replaceAll('.', '');

const plainPath = ({ path }: Key): string => path.replaceAll('[]', '');

const isList = ({ shape }: Pick<Key, 'shape'>): boolean => shape.type === 'array';

/** Of a list, the shape of each of its entries. */
const entryOf = (key: Pick<Key, 'shape'>): Shape => (isList(key) ? (key.shape.items as Shape) : key.shape);

const hasKeys = (key: Key): boolean => entryOf(key).properties !== undefined;

function keysWithin(key: Pick<Key, 'path' | 'shape'>): Key[] {
  const { properties = {}, required = [] } = entryOf(key);
  const prefix = key.path === '' ? '' : `${key.path}${isList(key) ? '[]' : ''}.`;
  return Object.entries(properties).map(([name, shape]) => ({
    path: `${prefix}${name}`,
    shape: shape as Shape,
    required: required.includes(name),
  }));
}
