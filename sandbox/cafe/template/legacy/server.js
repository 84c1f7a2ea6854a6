const { nanoid } = require('nanoid');
const { loadEnvFile } = require('./lib/env');

loadEnvFile();

const { connect } = require('./db/connections');
const { listen } = require('./lib/listen');
const log = require('./lib/log');
const { resolveTenant } = require('./middleware/tenant');
const { createApp } = require('./routes');
const site = require('./config/site.json');

const instance = nanoid(6);

const healthOf = (databases) => async (_req, res) => {
  const started = Date.now();
  try {
    await databases.ping();
    const tenants = await databases.list();
    const database = { connected: true, tenants: tenants.length, responseTime: `${Date.now() - started}ms` };
    res.json({ success: true, status: 'healthy', instance, database });
  } catch {
    res.status(503).json({ success: false, status: 'unhealthy', instance, database: { connected: false } });
  }
};

async function findUser(databases, { slug, email }) {
  const found = await databases.find(slug);
  if (!found) return null;
  return found.users.findOne({ email });
}

async function main() {
  log.info('Connecting to tenant databases...');
  const databases = await connect();
  log.info('Database connections established');
  const app = createApp({
    version: 'legacy',
    health: site.legacyHealth ? healthOf(databases) : null,
    listTenants: async () => (await databases.list()).map(({ slug, name }) => ({ slug, name })),
    resolveTenant: resolveTenant(databases),
    findUser: (login) => findUser(databases, login),
  });
  listen(app);
}

main().catch((error) => {
  log.error('Could not start', error);
  process.exit(1);
});
