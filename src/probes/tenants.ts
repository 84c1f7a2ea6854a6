import type { Clock } from '../core/clock.ts';
import type { TenantsValues } from '../model/observation.ts';
import type { Probe } from './contract.ts';
import type { ProbesConfig } from './schema.ts';

/** Where tenants are known from; each source names the slugs it knows. */
export type TenantSources = Readonly<Record<string, (signal: AbortSignal) => Promise<readonly string[]>>>;

/** The union of what all sources know; where they disagree, that is the observation. `sources` are those of the moment. */
export function tenantsProbe(config: ProbesConfig, sources: () => TenantSources, clock: Clock): Probe {
  return {
    name: 'tenants',
    everyMs: config.tenantsEvery,
    async look(signal) {
      const at = clock.now();
      const started = clock.monotonic();
      const known = await Promise.all(
        Object.entries(sources()).map(async ([source, read]) => ({ source, slugs: new Set(await read(signal)) })),
      );
      return [{ probe: 'tenants', status: 'observed', at, tookMs: clock.monotonic() - started, values: union(known) }];
    },
  };
}

function union(known: readonly { source: string; slugs: ReadonlySet<string> }[]): TenantsValues {
  const all = new Set(known.flatMap(({ slugs }) => [...slugs]));
  const tenants = [...all].sort().map((slug) => ({
    slug,
    knownTo: known.filter(({ slugs }) => slugs.has(slug)).map(({ source }) => source),
    missingFrom: known.filter(({ slugs }) => !slugs.has(slug)).map(({ source }) => source),
  }));
  return { tenants };
}
