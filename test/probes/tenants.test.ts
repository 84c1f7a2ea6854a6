import { describe, expect, it } from 'vitest';
import { type TenantSources, tenantsProbe } from '../../src/probes/tenants.ts';
import { manualClock } from '../manual-clock.ts';
import { probesOf } from './settings.ts';

const look = (sources: TenantSources) =>
  tenantsProbe(probesOf(), () => sources, manualClock()).look(new AbortController().signal);

const knows =
  (...slugs: string[]) =>
  async () =>
    slugs;

describe('the tenants probe', () => {
  it('is the union of all sources, and says who misses whom', async () => {
    const [seen] = await look({
      configuration: knows('negoes', 'kopi'),
      'unified tenants': knows('kopi', 'negoes', 'late'),
      'legacy databases': knows('negoes'),
    });
    expect(seen).toMatchObject({
      probe: 'tenants',
      status: 'observed',
      values: {
        tenants: [
          { slug: 'kopi', knownTo: ['configuration', 'unified tenants'], missingFrom: ['legacy databases'] },
          { slug: 'late', knownTo: ['unified tenants'], missingFrom: ['configuration', 'legacy databases'] },
          {
            slug: 'negoes',
            knownTo: ['configuration', 'unified tenants', 'legacy databases'],
            missingFrom: [],
          },
        ],
      },
    });
  });

  it('counts a tenant once that a source names twice', async () => {
    const [seen] = await look({ configuration: knows('kopi', 'kopi') });
    expect(seen).toMatchObject({ values: { tenants: [{ slug: 'kopi', missingFrom: [] }] } });
  });

  it('says nothing at all when one source cannot be read: missing there would look like missing', async () => {
    const away = () => Promise.reject(new Error('mongod is away'));
    await expect(look({ configuration: knows('kopi'), 'unified tenants': away })).rejects.toThrow('mongod is away');
  });
});
