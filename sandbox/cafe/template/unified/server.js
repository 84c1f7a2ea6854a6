const mongoose = require('mongoose');
const { loadEnvFile } = require('./lib/env');

loadEnvFile();

const { createModels } = require('./db/models');
const { connectionOptions } = require('./lib/connectionOptions');
const { createLeakingCache, dieInOutage, showFault } = require('./lib/faults');
const { listen } = require('./lib/listen');
const log = require('./lib/log');
const { within } = require('./lib/tenantContext');
const { createTenantCache, resolveTenant } = require('./middleware/tenant');
const { createApp } = require('./routes');

async function health(_req, res) {
  const started = Date.now();
  try {
    await mongoose.connection.db.admin().ping();
    res.json({
      success: true,
      status: 'healthy',
      uptime: process.uptime(),
      database: {
        connected: true,
        name: mongoose.connection.name,
        responseTime: `${Date.now() - started}ms`,
        pool: { size: 0, available: 0, pending: 0 },
      },
    });
  } catch {
    res
      .status(503)
      .json({ success: false, status: 'unhealthy', database: { connected: false, name: mongoose.connection.name } });
  }
}

async function main() {
  if (dieInOutage()) return;
  log.info('Connecting to the unified database...');
  await mongoose.connect(process.env.MONGODB_URI, connectionOptions('superkafe-unified'));
  log.info('Database connections established');
  const models = createModels();
  const findTenant = createTenantCache(models.Tenant);
  const app = createApp({
    version: 'unified',
    before: showFault,
    health,
    listTenants: async () =>
      (await models.Tenant.find({ isActive: true }).sort({ slug: 1 }).lean()).map(({ _id, slug, name }) => ({
        _id,
        slug,
        name,
      })),
    resolveTenant: resolveTenant(findTenant, models),
    findUser: async ({ slug, email }) => {
      const tenant = await findTenant(slug);
      // Awaited inside: a mongoose query runs where it is awaited, not where it is made.
      return tenant ? within(tenant, async () => await models.User.findOne({ email })) : null;
    },
    cacheMenu: createLeakingCache(),
  });
  listen(app);
}

main().catch((error) => {
  log.error('Could not start', error);
  process.exit(1);
});
