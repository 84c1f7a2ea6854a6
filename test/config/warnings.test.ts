import { expect, it } from 'vitest';
import { warnings } from '../../src/config/summary.ts';
import { exampleWith, loadText } from './example.ts';

const warnedOf = (changes: Readonly<Record<string, unknown>>) => {
  const loaded = loadText(exampleWith(changes));
  if (loaded.status === 'invalid') throw new Error(JSON.stringify(loaded.faults));
  return warnings(loaded.config, Date.now());
};
const nobody = /of every tenant that it has no legacy database/;

it('says aloud that a rollback would test nobody where every tenant is said to have no legacy database', () => {
  const without = { slug: 'newcomer', legacyDatabase: 'none' };
  const all = { 'target.tenants': [without], 'mongo.legacyDatabases': [{ name: 'superkafe_main', policy: 'leave' }] };
  expect(warnedOf(all)).toContainEqual(expect.stringMatching(nobody));
  expect(warnedOf({}).join()).not.toMatch(nobody);
});
