import { namesakeElsewhere, namesakeHere } from '../adapters/mongo/namesake.ts';
import { formatDuration } from '../core/duration.ts';
import type { Config } from './schema.ts';
import { undecidable } from './who-decides.ts';

/** What a sound configuration means, in a few lines, for whoever is about to trust it. */
export function summarize(config: Config): string[] {
  const { target, mongo, migration } = config;
  return [
    ...section('target', [`${target.name} at ${target.applicationUrl}, seen through ${target.publicUrl}`]),
    ...section('cut-over', [new Date(migration.cutoverAt).toISOString()]),
    ...section('mode', [`${config.mode}; containment ${config.containment}`]),
    ...section('tenants', target.tenants.map(tenantLine)),
    ...section('databases', [
      `${mongo.unified.database}: unified, ${whatIsWritten(mongo)}`,
      ...mongo.legacyDatabases.map(databaseLine),
    ]),
    ...section('back to', [`${config.code.legacyRef} in ${config.code.repository}`, `dump ${config.backup.path}`]),
    ...section('tells', channelsOf(config)),
    ...section('alone until', [new Date(config.guard.until).toISOString()]),
  ];
}

function channelsOf({ notify, doors }: Config): string[] {
  const { webhook, slack, escalation } = notify;
  return [
    ['log', ...(webhook ? ['webhook'] : []), ...(slack ? [`Slack (${slack.channel})`] : [])].join(', '),
    `answers by the command line${doors.slack ? ' and in Slack' : ''}`,
    ...(escalation.length > 0 ? [`${escalation.join(', ')} when a deadline passes`] : []),
  ];
}

/** What somebody has switched off, left out or loosened: said aloud, every time. */
export function warnings(config: Config, now: number): string[] {
  const { guard, watch, probes, mongo, migration, traffic } = config;
  const limits = Object.entries(guard.maxWritesLost ?? {});
  return [
    ...when(
      migration.cutoverAt > now,
      `migration.cutoverAt lies in the future: until ${new Date(migration.cutoverAt).toISOString()} rollbackd cannot be armed; a local time carries its own offset, not Z`,
    ),
    ...when(
      guard.until <= now,
      `guard.until has passed (${new Date(guard.until).toISOString()}): rollbackd cannot be armed and never acts alone`,
    ),
    `guard.drill is off: nothing proves that a rollback has ever worked here`,
    `guard.readiness is off: nothing proves that one would work right now`,
    ...when(!guard.maxWritesLost, 'guard.maxWritesLost is not written: rollbackd never acts alone'),
    ...limits.flatMap(([kind, limit]) =>
      when(limit === 'unlimited', `guard.maxWritesLost.${kind} is unlimited: any number may be lost without asking`),
    ),
    ...when(
      typeof guard.maxWritesLost?.updates === 'number' && !guard.updatedField,
      'guard.updatedField is not written: updates cannot be counted, so rollbackd never acts alone',
    ),
    ...when(
      typeof guard.maxWritesLost?.deletes === 'number',
      'guard.maxWritesLost.deletes is a number: deletes cannot be counted, so rollbackd never acts alone',
    ),
    ...when(
      config.target.tenants.length > 0 &&
        config.target.tenants.every(({ legacyDatabase }) => legacyDatabase === 'none'),
      'target.tenants says of every tenant that it has no legacy database: a rollback would test nobody, and is refused',
    ),
    ...when(watch.compressed, `watch.compressed: only ${formatDuration(watch.duration)} of watching after a rollback`),
    ...sides.flatMap((side) => when(!probes[side].routes.some(decides), undecided[side])),
    ...when(
      probes.controlEndpoints.length === 0,
      'probes.controlEndpoints is empty: an outage of this machine looks like one of the target',
    ),
    ...when(
      !traffic.accessLog,
      "traffic.accessLog is not written: error rate and latency are measured by rollbackd's own requests alone",
    ),
    ...when(
      traffic.accessLog?.format === 'combined',
      "traffic.accessLog.format is combined: it names no tenants, and does not tell the balancer's own answers from the application's",
    ),
    ...when(
      !traffic.accessLog && probes.unified.routes.every(({ needsLogin }) => needsLogin),
      'probes.unified: no route that can be asked without a login: error rate and latency are never measured',
    ),
    ...when(
      hasNoLatencies(config),
      'baseline.latency: nothing tells how fast the legacy system was: latency is never judged',
    ),
    ...aboutNamesakes(mongo),
    ...when(!mongo.users, 'mongo.users is not written: rollbackd could write into every database'),
    ...undecidable(config),
  ];
}

const aboutNamesakes = (mongo: Config['mongo']): string[] => [
  ...when(
    namesakeHere(mongo) !== undefined,
    `${mongo.unified.database} is the legacy main database, too: a rollback replaces collections in the unified database itself, only on a person's word, and the way back is by hand (docs/merge.md)`,
  ),
  ...when(
    namesakeElsewhere(mongo) !== undefined,
    `${mongo.unified.database} is a legacy database too, on another server: nothing is planned while that is not proven`,
  ),
];

function whatIsWritten(mongo: Config['mongo']): string {
  const merged = namesakeHere(mongo);
  return merged ? `never restored into but for ${merged.collections.join(', ')}` : 'never restored into';
}

const hasNoLatencies = ({ baseline: { latency }, traffic }: Config): boolean =>
  Object.keys(latency.given).length === 0 &&
  latency.file === undefined &&
  !(traffic.accessLog && latency.fromAccessLog);

const sides = ['unified', 'legacy'] as const;

const decides = ({ trusted, leakedBefore }: Config['probes']['unified']['routes'][number]): boolean =>
  trusted && !leakedBefore;

const undecided = {
  unified: 'probes.unified: no trusted route that is not leakedBefore: a leak is never decided on',
  legacy: 'probes.legacy: no trusted route that is not leakedBefore: a leak is never found in the watch',
} as const;

const when = (holds: boolean, line: string): string[] => (holds ? [line] : []);

const section = (title: string, lines: readonly string[]): string[] =>
  lines.map((line, index) => `${(index === 0 ? title : '').padEnd(12)}${line}`);

function tenantLine({ slug, legacyDatabase }: Config['target']['tenants'][number]): string {
  return legacyDatabase === 'none' ? `${slug} (no legacy database)` : slug;
}

function databaseLine(database: Config['mongo']['legacyDatabases'][number]): string {
  const { name, tenant, tenantField, policy, onDifferent, collections } = database;
  const main = tenantField ? `shared by tenants, who are named in ${tenantField}` : 'a main database';
  const owner = tenant ? `of ${tenant}` : main;
  const extent = collections ? ` of ${collections.join(', ')}` : '';
  const different = policy === 'leave' ? '' : `; where it differs from the backup: ${onDifferent}`;
  return `${name}: ${policy}${extent}, ${owner}${different}`;
}
