import type { IsolationValues } from '../../model/observation.ts';
import type { RouteConfig } from '../schema.ts';

/** One question of one look: as whom, on which route, in which of the three ways, and by which way. */
export interface Inquiry {
  readonly tenant: string;
  readonly route: RouteConfig;
  readonly ask: IsolationValues['ask'];
  /** Absent: on the application's own port. A cache or a maintenance page in front of it would answer for it. */
  readonly via?: 'balancer';
}

export const say = ({ tenant, route, ask, via }: Inquiry): string =>
  `${ask} of ${route.name} as ${tenant || 'nobody'}${via ? ' through the balancer' : ''}`;

/** Why leaks of a route are shown and never decided on. */
export const whyUncounted = ({
  trusted,
  leakedBefore,
}: Pick<RouteConfig, 'trusted' | 'leakedBefore'>): 'untrusted' | 'known-before' | undefined => {
  if (!trusted) return 'untrusted';
  return leakedBefore ? 'known-before' : undefined;
};

export const decides = (route: RouteConfig): boolean => whyUncounted(route) === undefined;

/** What a whole look asks on the application's own port. */
export function inquiriesOf(route: RouteConfig, tenants: readonly string[]): Inquiry[] {
  const asTenant = tenants.flatMap((tenant): Inquiry[] => [
    { tenant, route, ask: 'own-list' },
    ...(route.one === undefined ? [] : [{ tenant, route, ask: 'foreign-id' as const }]),
  ]);
  const asNobody: Inquiry[] = route.refusesWithoutTenant === undefined ? [] : [{ tenant: '', route, ask: 'no-tenant' }];
  return [...asTenant, ...asNobody];
}

/** The same path as each tenant, one right after the other: so a cache that tells no tenants apart shows itself. */
export const throughBalancer = (routes: readonly RouteConfig[], tenants: readonly string[]): Inquiry[][] =>
  tenants.length < 2
    ? []
    : routes
        .filter(decides)
        .map((route) => tenants.map((tenant): Inquiry => ({ tenant, route, ask: 'own-list', via: 'balancer' })));
