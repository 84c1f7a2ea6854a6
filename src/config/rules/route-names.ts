import { repeated } from '../repeated.ts';
import { rule } from '../rule.ts';

const sides = ['unified', 'legacy'] as const;

export const routeNames = rule(['probes'], ({ probes }) =>
  sides.flatMap((side) =>
    repeated(probes[side].routes, ({ name }) => name).map(([index, before]) => ({
      path: ['probes', side, 'routes', index, 'name'],
      message: `is the name of probes.${side}.routes[${before}] already`,
    })),
  ),
);
