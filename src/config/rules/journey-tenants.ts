import { tenantsOf, usesLogin } from '../../probes/journeys/turns.ts';
import { rule } from '../rule.ts';

const sides = ['unified', 'legacy'] as const;

/** A journey is made as somebody who is known, and who can log in where it takes that. */
export const journeyTenants = rule(['probes', 'target'], ({ probes, target }) =>
  sides.flatMap((side) =>
    probes[side].journeys.flatMap((journey, position) => {
      const path = ['probes', side, 'journeys', position];
      const served = tenantsOf(journey, target).map(({ slug }) => slug);
      const known = target.tenants.map(({ slug }) => slug);
      const named = (journey.tenants ?? []).flatMap((slug, index) => {
        if (served.includes(slug)) return [];
        const message = known.includes(slug) ? 'has no login in target.tenants' : 'is not in target.tenants';
        return [{ path: [...path, 'tenants', index], message }];
      });
      const nobody = served.length === 0 && named.length === 0 && usesLogin(journey);
      return nobody ? [{ path, message: 'needs the login of at least one tenant in target.tenants' }] : named;
    }),
  ),
);
