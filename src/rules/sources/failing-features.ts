import type { RequestSlot } from '../../model/request-slot.ts';
import { provesAbove } from '../samples/odds.ts';

/** A route or a tenant whose requests fail, in words. `name` is what tells it from others of its kind. */
export interface FailingFeature {
  readonly kind: 'route' | 'tenant';
  readonly name: string;
  readonly share: number;
  /** Requests, where they are counted. */
  readonly all: number;
  readonly since?: number;
  /** Whose requests failed, as far as the log names tenants; a few stand for all. */
  readonly tenants: readonly string[];
  readonly said: string;
}

export interface FeatureRules {
  readonly above: number;
  readonly odds: number;
  readonly failures: number;
}

interface Counts {
  readonly requests: number;
  readonly errors: number;
}

const isFailing = ({ requests, errors }: Counts, { above, odds, failures }: FeatureRules): boolean =>
  errors >= failures && provesAbove(errors, requests, above, odds);

/** One that fails for nobody but invented tenants is nobody's. */
export const failingRoutes = (
  { routes }: RequestSlot,
  isTenant: (slug: string) => boolean,
  rules: FeatureRules,
): FailingFeature[] =>
  routes
    .filter((route) => isFailing(route, rules))
    .map(({ failedFor = [], ...route }) => ({
      ...route,
      named: failedFor.length,
      failedFor: failedFor.filter(isTenant),
    }))
    .filter(({ named, failedFor }) => named === 0 || failedFor.length > 0)
    .map(({ route, requests, errors, failedFor }) => ({
      kind: 'route',
      name: route,
      all: requests,
      share: errors / requests,
      tenants: failedFor,
      said: `${errors} of ${requests} requests of ${route} failed`,
    }));

/** A slug comes from the client: only those that are known count as tenants. */
export const failingTenants = (
  { tenants }: RequestSlot,
  isTenant: (slug: string) => boolean,
  rules: FeatureRules,
): FailingFeature[] =>
  tenants
    .filter((each) => isFailing(each, rules) && isTenant(each.tenant))
    .map(({ tenant, requests, errors }) => ({
      kind: 'tenant',
      name: tenant,
      all: requests,
      share: errors / requests,
      tenants: [tenant],
      said: `${errors} of ${requests} requests of ${tenant} failed`,
    }));

/** Routes that refuse nearly everybody (401, 403, ...). */
export const refusing = ({ routes }: RequestSlot, rules: FeatureRules): Route[] =>
  routes.filter(({ requests, refused = 0 }) => isFailing({ requests: requests + refused, errors: refused }, rules));

/**
 * Those of them that did not before, and answer hardly anybody well any more: a flood of wrong passwords does not look like
 * that, since users still log in. `windows`: how many times as long as now `before` is.
 */
export const newlyRefusing = (
  routes: readonly Route[],
  before: RequestSlot,
  windows: number,
  rules: FeatureRules,
): FailingFeature[] =>
  routes.flatMap((route): FailingFeature[] => {
    const { refused = 0, requests } = route;
    const all = requests + refused;
    const usual = before.routes.find((each) => each.route === route.route);
    if (!usual || !hasRunDry(route, usual, windows, rules)) return [];
    const said = `${refused} of ${all} requests of ${route.route} were refused, which it hardly did before`;
    return [{ kind: 'route', name: route.route, all, share: refused / all, tenants: [], said }];
  });

type Route = RequestSlot['routes'][number];

/** It was seldom refused before, and answered often enough; now it answers a fraction of that well. */
function hasRunDry(
  { requests, errors }: Route,
  usual: Route,
  windows: number,
  { above, failures }: FeatureRules,
): boolean {
  const answered = (usual.requests - usual.errors) / windows;
  const { refused: wasRefused = 0 } = usual;
  const wasOpen = wasRefused <= ((1 - above) / 2) * (usual.requests + wasRefused);
  return wasOpen && answered >= failures && requests - errors <= ((1 - above) / 2) * answered;
}
