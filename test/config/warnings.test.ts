import { expect, it } from 'vitest';
import type { Config } from '../../src/config/schema.ts';
import { warnings } from '../../src/config/summary.ts';
import { exampleText, loadText } from './example.ts';

const nobody = /of every tenant that it has no legacy database/;

function warnedWith(tenants: Config['target']['tenants'] | undefined): string {
  const loaded = loadText(exampleText);
  if (loaded.status === 'invalid') throw new Error(JSON.stringify(loaded.faults));
  const { target } = loaded.config;
  return warnings({ ...loaded.config, target: { ...target, tenants: tenants ?? target.tenants } }, Date.now()).join(
    '\n',
  );
}

it('says aloud that a rollback would test nobody where every tenant is said to have no legacy database', () => {
  expect(warnedWith([{ slug: 'newcomer', legacyDatabase: 'none' }])).toMatch(nobody);
  expect(warnedWith([{ slug: 'negoes' }, { slug: 'newcomer', legacyDatabase: 'none' }])).not.toMatch(nobody);
  expect(warnedWith(undefined)).not.toMatch(nobody);
});
