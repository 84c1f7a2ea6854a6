import { rule } from '../rule.ts';

const sides = ['unified', 'legacy'] as const;

/** A route behind a login can be asked only where it is known how, and as whom. */
export const logins = rule(['probes', 'target'], ({ probes, target }) =>
  sides.flatMap((side) => {
    const { login, routes } = probes[side];
    if (!login) {
      return routes.flatMap(({ needsLogin }, index) =>
        needsLogin
          ? [{ path: ['probes', side, 'routes', index, 'needsLogin'], message: `needs probes.${side}.login` }]
          : [],
      );
    }
    if (target.tenants.some((tenant) => tenant.login)) return [];
    return [{ path: ['probes', side, 'login'], message: 'needs the login of at least one tenant in target.tenants' }];
  }),
);
