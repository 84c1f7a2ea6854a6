import { repeated } from '../repeated.ts';
import { rule } from '../rule.ts';

export const prometheusNames = rule(['probes'], ({ probes: { prometheus } }) =>
  repeated(prometheus?.queries ?? [], ({ name }) => name).map(([index, before]) => ({
    path: ['probes', 'prometheus', 'queries', index, 'name'],
    message: `is the name of probes.prometheus.queries[${before}] already`,
  })),
);
