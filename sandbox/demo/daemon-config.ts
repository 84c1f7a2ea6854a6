import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { stringify } from 'yaml';
import type { Sandbox } from '../sandbox.ts';
import type { Slack } from '../servers/slack.ts';
import { type Pace, paceOf } from './pace.ts';
import { probesOf } from './probes-config.ts';
import { rulesOf } from './rules-config.ts';

export interface DaemonSettings {
  readonly mode: 'observe' | 'approve';
  /** Default: demo. */
  readonly pace?: Pace;
  readonly webhookUrl: string;
  /** Where people are asked. */
  readonly slack?: Slack;
  /** Where Prometheus would scrape. */
  readonly httpPort: number;
  /** Real requests are counted there alone; absent: by the access log. */
  readonly prometheusUrl?: string;
}

export interface DaemonConfig {
  readonly file: string;
  readonly folder: string;
  readonly socket: string;
  readonly freezeFile: string;
}

/** Writes the daemon's configuration for a sandbox: all that rollbackd is told of its target. */
export async function writeDaemonConfig(sandbox: Sandbox, settings: DaemonSettings): Promise<DaemonConfig> {
  const { pace = 'demo', prometheusUrl } = settings;
  const folder = join(sandbox.root, 'rollbackd');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const config: DaemonConfig = {
    file: join(folder, 'rollbackd.yaml'),
    folder,
    socket: join(folder, 'rollbackd.sock'),
    freezeFile: join(folder, 'deploy-freeze.json'),
  };
  const users = await writeUsers(sandbox, folder);
  const slack = settings.slack && (await slackOf(settings.slack, folder));
  const content = {
    ...(await targetOf(sandbox, folder)),
    migration: { cutoverAt: sandbox.cutoverAt.toISOString() },
    mode: settings.mode,
    containment: 'automatic',
    mongo: mongoOf(sandbox, users),
    backup: { path: sandbox.backup.path },
    ...applicationOf(sandbox, folder, { readsLog: prometheusUrl === undefined }),
    probes: probesOf(sandbox, pace, prometheusUrl),
    rules: rulesOf(pace),
    guard: guardOf(),
    rollback: rollbackOf(config, pace),
    watch: { duration: paceOf('watch.duration', pace), compressed: true },
    notify: { webhook: { url: settings.webhookUrl }, ...(slack && { slack: slack.notify }) },
    people: [operator(slack ? [] : ['engineering-manager']), ...(slack?.people ?? [])],
    doors: {
      socket: { path: config.socket, nonceFolder: join(folder, 'nonces') },
      http: { port: settings.httpPort },
      ...(slack && { slack: slack.door }),
    },
    state: { folder: join(folder, 'state'), lockFolder: join(folder, 'lock') },
  };
  await writeFile(config.file, stringify(content), { mode: 0o600 });
  return config;
}

/** Who runs the demo: where nobody can be asked in Slack, in the manager's role too. */
const operator = (more: readonly string[]) => ({
  name: 'demo operator',
  roles: ['senior-engineer', ...more],
  uid: process.getuid?.() ?? 0,
});

async function secretFile(folder: string, name: string, value: string): Promise<string> {
  const file = join(folder, name);
  await writeFile(file, value);
  await chmod(file, 0o600);
  return `\${file:${file}}`;
}

async function writeUsers({ mongo }: Sandbox, folder: string) {
  const { observer, dumper, restorer } = mongo.users;
  const entries = Object.entries({ observer, dumper, restorer }).map(async ([name, { user, password }]) => {
    return [name, { user, password: await secretFile(folder, `${name}.password`, password) }] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}

async function targetOf({ appUrl, publicUrl, tenants }: Sandbox, folder: string) {
  const withLogins = tenants.map(async ({ slug, adminEmail, adminPassword }) => ({
    slug,
    login: { email: adminEmail, password: await secretFile(folder, `login-${slug}.password`, adminPassword) },
  }));
  return {
    target: { name: 'cafe', applicationUrl: appUrl, publicUrl, tenants: await Promise.all(withLogins) },
  };
}

function mongoOf({ mongo, tools }: Sandbox, users: unknown) {
  const server = { host: mongo.host, port: mongo.port, ...(mongo.replicaSet && { replicaSet: mongo.replicaSet }) };
  const registry = mongo.legacyDatabases.find(({ collections }) => collections.includes('tenants'));
  return {
    unified: { ...server, database: mongo.unifiedDatabase },
    legacy: server,
    users,
    legacyDatabases: mongo.legacyDatabases.map(({ name, slug, tenantField, collections }) => ({
      name,
      ...(slug && { tenant: slug }),
      ...(tenantField && { tenantField }),
      policy: 'restore',
      onDifferent: 'replace',
      ...(collections.includes('menuitems') && {
        requiredIndexes: [{ collection: 'menuitems', key: { category: 1 } }],
      }),
    })),
    ...(registry && { legacyTenants: { database: registry.name } }),
    tools: { mongodump: tools.mongodump.path, mongorestore: tools.mongorestore.path },
  };
}

async function slackOf(slack: Slack, folder: string) {
  const { apiUrl, channel, teamId, appId, people } = slack;
  const botToken = await secretFile(folder, 'slack-bot.token', slack.botToken);
  const appToken = await secretFile(folder, 'slack-app.token', slack.appToken);
  return {
    notify: { botToken, channel, apiUrl },
    door: { teamId, appId, socketMode: { appToken } },
    people: [
      { name: 'engineering manager', roles: ['engineering-manager'], slack: people.engineeringManager },
      { name: 'technical lead', roles: ['technical-lead'], slack: people.technicalLead },
      { name: 'product owner', roles: ['product-owner'], slack: people.productOwner },
    ],
  };
}

function applicationOf(
  { repository, pm2, balancer, tools, temperament }: Sandbox,
  folder: string,
  { readsLog }: { readonly readsLog: boolean },
) {
  return {
    process: {
      adapter: 'pm2',
      program: pm2.binary,
      node: pm2.node,
      home: pm2.home,
      names: [pm2.appName],
      ecosystemFile: pm2.ecosystemFile,
      environment: {},
      databaseVariables: ['MONGODB_URI'],
    },
    traffic: {
      adapter: 'nginx',
      maintenanceFile: balancer.maintenanceFile,
      ...(readsLog && { accessLog: { file: balancer.accessLog, paths: ['/api/'] } }),
    },
    code: {
      adapter: 'git',
      program: tools.git.path,
      repository: repository.root,
      serverFolder: relative(repository.root, repository.serverFolder) || '.',
      legacyRef: repository.legacyRef,
      keep: repository.untrackedFiles.map((file) => relative(repository.root, file)),
      releases: join(folder, 'releases'),
    },
    env: {
      adapter: 'dotenv',
      file: repository.envFile,
      legacyFile: repository.legacyEnvFile,
      uriVariables: ['MONGODB_URI'],
    },
    dependencies: {
      adapter: 'npm',
      program: join(dirname(pm2.node), 'npm'),
      folder: relative(repository.root, repository.serverFolder) || '.',
      install: ['ci', '--omit=dev', '--prefer-offline'],
    },
    logs: {
      output: join(pm2.logsFolder, `${pm2.appName}-out*.log`),
      error: join(pm2.logsFolder, `${pm2.appName}-error*.log`),
      startupLines: [...pm2.startupLines],
      ...(temperament === 'rough' && { errorPattern: 'MongoServerError|ECONNREFUSED' }),
    },
  };
}

function guardOf() {
  return {
    maxWritesLost: { inserts: 5_000, updates: 'unlimited', deletes: 'unlimited' },
    until: new Date(Date.now() + 24 * 3_600_000).toISOString(),
    drill: 'off',
    readiness: 'off',
  };
}

function rollbackOf({ folder, freezeFile }: DaemonConfig, pace: Pace) {
  return {
    evidenceFolder: join(folder, 'evidence'),
    freezeFile,
    settle: paceOf('rollback.settle', pace),
    responseTimeLimit: paceOf('rollback.responseTimeLimit', pace),
    responseTimePath: '/api/menu',
  };
}
