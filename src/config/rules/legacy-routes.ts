import { rule } from '../rule.ts';

/** After the start every tenant is asked one of them, to see which database it reads: without one each rollback would fail, with the application stopped. */
export const legacyRoutes = rule(['probes'], ({ probes }) =>
  probes.legacy.routes.some(({ trusted }) => trusted)
    ? []
    : [
        {
          path: ['probes', 'legacy', 'routes'],
          message: 'no route is trusted: which database the legacy system reads could not be proven',
        },
      ],
);
