import type { IndexDefinition } from '../../model/backup.ts';

type Applies = (index: IndexDefinition) => boolean;

const kinds = new Set(['2d', '2dsphere', 'text', 'hashed', 'columnstore']);
const LONGEST_SECONDS = 2 ** 31 - 1;

const isWildcard: Applies = ({ key }) => key.some(([field]) => field === '$**' || field.endsWith('.$**'));
const isHashed: Applies = ({ key }) => key.some(([, kind]) => kind === 'hashed');
const has =
  (...names: readonly string[]): Applies =>
  ({ options }) =>
    names.some((name) => options[name] !== undefined);

function isNoField(field: string): boolean {
  const [first = '', ...others] = field.split('.');
  return [first, ...others].includes('') || (first.startsWith('$') && field !== '$**');
}

const isNoTime = (value: unknown): boolean => typeof value !== 'number' || value < 0 || value > LONGEST_SECONDS;
const isNoAnswer = (value: unknown): boolean => value !== undefined && value !== true;

/** What old servers took, or kept from a time before they looked, and each one today refuses. */
const refusals: readonly (readonly [Applies, string])[] = [
  [({ name }) => name === '' || name === '*', 'it has no name that may be used'],
  [({ key }) => key.length === 0, 'it has no key'],
  [({ key }) => key.some(([field]) => isNoField(field)), 'its key names no field'],
  [
    ({ key }) => key.some(([, kind]) => kind === 0 || (typeof kind === 'string' && !kinds.has(kind))),
    'its key has a direction or a kind that is none',
  ],
  [
    (index) => has('expireAfterSeconds')(index) && index.key.length > 1,
    'only an index of one field may expire documents',
  ],
  [(index) => has('expireAfterSeconds')(index) && isWildcard(index), 'a wildcard index may not expire documents'],
  [
    (index) => has('expireAfterSeconds')(index) && isNoTime(index.options.expireAfterSeconds),
    `its expireAfterSeconds is no number from 0 to ${LONGEST_SECONDS}`,
  ],
  [
    ({ options }) => ['unique', 'sparse', 'hidden'].some((name) => isNoAnswer(options[name])),
    'an option is neither yes nor no',
  ],
  [(index) => has('sparse')(index) && has('partialFilterExpression')(index), 'it is sparse and partial at once'],
  [(index) => has('unique', 'sparse')(index) && isWildcard(index), 'a wildcard index may be neither unique nor sparse'],
  [(index) => has('unique')(index) && isHashed(index), 'a hashed index may not be unique'],
  [
    (index) =>
      index.name === '_id_' &&
      !has('clustered')(index) &&
      Object.keys(index.options).some((name) => name !== 'collation'),
    'an index of _id takes no options',
  ],
];

/** Why no server of today would build this index; undefined where one would. */
export function whyRefused(index: IndexDefinition): string | undefined {
  return refusals.find(([applies]) => applies(index))?.[1];
}
