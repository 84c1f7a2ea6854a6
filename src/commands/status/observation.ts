import { never } from '../../core/errors.ts';
import type { Answer, IsolationValues, Observation, Observed } from '../../model/observation.ts';
import type { RequestSlot } from '../../model/request-slot.ts';
import { whyUncounted } from '../../probes/isolation/inquiry.ts';
import type { RouteConfig } from '../../probes/schema.ts';

/** What a probe saw last, or why it saw nothing, in one line. */
export function summarise(observation: Observation, routes: readonly RouteConfig[]): string {
  if (observation.status === 'unobserved') return observation.reason;
  switch (observation.probe) {
    case 'control':
      return `the event loop lags ${Math.round(observation.values.loopDelayMs)}ms`;
    case 'health':
      return health(observation);
    case 'isolation':
      return isolation(observation, routes);
    case 'mongo':
      return mongo(observation);
    case 'tenants':
      return tenants(observation);
    case 'requests':
      return requests(observation);
    case 'synthetic':
      return counted(observation.values.slots);
    case 'prometheus':
      return prometheus(observation);
    case 'journeys':
      return journey(observation);
    default:
      return never(observation);
  }
}

function health({ values: { application, balancer, vantage } }: Observed<'health'>): string {
  const { processes, listening } = vantage;
  return [
    `application ${said(application)}`,
    `balancer ${said(balancer)}`,
    ...(processes ? [`${processes.online} of ${processes.expected} processes online`] : []),
    ...(listening === undefined ? [] : [listening ? 'port open' : 'port closed']),
  ].join(', ');
}

function said({ outcome, why, status }: Answer): string {
  if (outcome === 'up') return 'up';
  return `down (${status === undefined ? why : `${why} ${status}`})`;
}

function isolation({ values }: Observed<'isolation'>, routes: readonly RouteConfig[]): string {
  const { tenant, route, ask, via, checked, foreign } = values;
  const asked = `${tenant || 'nobody'} asked ${route}${via ? ' through the balancer' : ''} (${ask})`;
  const seen =
    foreign.length > 0
      ? `${foreign.length} of ${checked} documents are another tenant's`
      : `${checked} documents checked, none foreign`;
  return `${asked}: ${seen}${weight(values, routes)}`;
}

/** What it is worth, where it decides nothing. */
function weight({ route, trusted }: IsolationValues, routes: readonly RouteConfig[]): string {
  const leakedBefore = routes.find(({ name }) => name === route)?.leakedBefore ?? false;
  const why = whyUncounted({ trusted, leakedBefore });
  switch (why) {
    case undefined:
      return '';
    case 'untrusted':
      return '; not trusted, so it decides nothing';
    case 'known-before':
      return '; leaks there are known from before, so it decides nothing';
    default:
      return never(why);
  }
}

function mongo({ values: { unified, legacy, legacyWritable, connections } }: Observed<'mongo'>): string {
  const open = connections ? `, ${connections.current} connections` : '';
  return `unified ${unified}, legacy ${legacy}${legacyWritable ? ' and writable' : ', not writable'}${open}`;
}

function prometheus({ values: { series, unusable } }: Observed<'prometheus'>): string {
  return [`${series.length} series`, ...unusable.map(({ query, reason }) => `${query}: ${reason}`)].join('; ');
}

function journey({ values: { journey: name, tenant, outcome, step, reason } }: Observed<'journeys'>): string {
  const where = step === undefined ? '' : ` at ${step}`;
  return `${name} as ${tenant}: ${outcome}${where}${reason === undefined ? '' : ` (${reason})`}`;
}

function requests({ values: { slots, openUpstream, doubts = [] } }: Observed<'requests'>): string {
  const open = openUpstream === undefined ? '' : `, ${openUpstream} connections to the application open`;
  return [`${counted(slots)} since the look before${open}`, ...doubts].join('; ');
}

function counted(slots: readonly RequestSlot[]): string {
  const sum = (of: (slot: RequestSlot) => number) => slots.reduce((total, slot) => total + of(slot), 0);
  const apart = {
    refused: sum(({ refused = 0 }) => refused),
    'given up at once': sum(({ cancelled = 0 }) => cancelled),
  };
  return [
    `${sum(({ requests: asked }) => asked)} requests`,
    `${sum(({ errors }) => errors)} failed`,
    ...Object.entries(apart).flatMap(([what, count]) => (count > 0 ? [`${count} ${what}`] : [])),
  ].join(', ');
}

const tenantsShown = 3;

function tenants({ values }: Observed<'tenants'>): string {
  const disputed = values.tenants.filter(({ missingFrom }) => missingFrom.length > 0);
  if (disputed.length === 0) return `all sources name the same ${values.tenants.length} tenants`;
  const shown = disputed
    .slice(0, tenantsShown)
    .map(({ slug, missingFrom }) => `${slug} (not in ${missingFrom.join(', ')})`);
  const more = disputed.length > tenantsShown ? ` and ${disputed.length - tenantsShown} more` : '';
  const count = disputed.length === 1 ? '1 tenant is' : `${disputed.length} tenants are`;
  return `${count} not known to every source: ${shown.join(', ')}${more}`;
}
