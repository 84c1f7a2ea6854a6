const express = require('express');
const log = require('../lib/log');
const { requireLogin } = require('../lib/auth');
const { answerPage } = require('../lib/paging');
const site = require('../config/site.json');
const { authRoutes } = require('./auth');
const { menuRoutes } = require('./menu');
const { orderRoutes } = require('./orders');
const { settingsRoutes } = require('./settings');

const pass = (_req, _res, next) => next();

/**
 * What both versions have in common. Theirs: `version`, `before` (middleware for every request), `health` (a handler or nothing),
 * `listTenants`, `resolveTenant` (middleware that sets req.tenant and req.models), `findUser`, `cacheMenu`.
 */
function createApp({ version, before, health, listTenants, resolveTenant, findUser, cacheMenu }) {
  const listGuard = site.listsNeedLogin ? requireLogin : pass;
  const app = express();
  app.set('etag', false);
  app.use((_req, res, next) => {
    res.set('x-cafe-version', version);
    next();
  });
  app.use(before || pass);
  app.use(express.json());
  if (health) app.get('/health', health);
  app.get('/api/tenants', async (_req, res) => res.json({ success: true, data: await listTenants() }));
  app.use('/api/auth', authRoutes({ findUser }));
  if (site.settingsRoute) app.use('/api/settings', settingsRoutes());
  app.use('/api/menu', resolveTenant, menuRoutes({ cacheMenu: cacheMenu || pass }));
  app.use('/api/orders', resolveTenant, orderRoutes({ listGuard }));
  app.get('/api/customers', resolveTenant, listGuard, (req, res) =>
    answerPage(req, res, req.models.Customer, { id: 1 }),
  );
  app.get('/api/tables', resolveTenant, listGuard, (req, res) => answerPage(req, res, req.models.Table, { number: 1 }));
  app.get('/api/units', resolveTenant, async (req, res) =>
    res.json(await req.models.Unit.find().sort({ id: 1 }).lean()),
  );
  app.use((error, req, res, _next) => {
    // Everything that might help, the visitor's token too: nobody ever looked at these logs with other eyes.
    log.error(`${req.method} ${req.path} failed`, site.logs === 'mixed' ? { headers: req.headers, error } : error);
    const gone = /Server selection|timed out|ECONNREFUSED|connection/i.test(String(error.message));
    res
      .status(error.status || (gone ? 503 : 500))
      .json({ success: false, message: gone ? 'Database not available' : 'Request failed' });
  });
  return app;
}

module.exports = { createApp };
