import { repeated } from '../repeated.ts';
import { rule } from '../rule.ts';

export const distinctTenants = rule(['target'], ({ target }) =>
  repeated(target.tenants, ({ slug }) => slug).map(([index, before]) => ({
    path: ['target', 'tenants', index, 'slug'],
    message: `is listed before, as target.tenants[${before}]`,
  })),
);
