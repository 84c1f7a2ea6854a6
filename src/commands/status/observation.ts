import { never } from '../../core/errors.ts';
import type { Answer, Observation, Observed } from '../../model/observation.ts';
import type { RequestSlot } from '../../model/request-slot.ts';

/** What a probe saw last, or why it saw nothing, in one line. */
export function summarise(observation: Observation): string {
  if (observation.status === 'unobserved') return observation.reason;
  switch (observation.probe) {
    case 'control':
      return `the event loop lags ${Math.round(observation.values.loopDelayMs)}ms`;
    case 'health':
      return health(observation);
    case 'isolation':
      return isolation(observation);
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

function isolation({ values: { tenant, route, ask, checked, foreign } }: Observed<'isolation'>): string {
  const asked = `${tenant} asked ${route} (${ask})`;
  return foreign.length > 0
    ? `${asked}: ${foreign.length} of ${checked} documents are another tenant's`
    : `${asked}: ${checked} documents checked, none foreign`;
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
