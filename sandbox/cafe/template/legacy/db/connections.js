const mongoose = require('mongoose');
const { connectionOptions } = require('../lib/connectionOptions');
const { createSchemas } = require('../models/schemas');
const { modelsOfTenant } = require('./tenantModels');
const site = require('../config/site.json');
const listed = require('../config/tenants.json');

const schemas = createSchemas();
const REGISTRY_LIFETIME_MS = 5 * 60 * 1000;

function modelsOn(connection) {
  return Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, connection.model(name, schema)]));
}

/** One connection for each tenant of config/tenants.json; MONGODB_URI is a pattern with `{tenant}` in it. */
async function connectEach() {
  const open = new Map();
  for (const tenant of listed) {
    const uri = process.env.MONGODB_URI.replace('{tenant}', tenant.slug);
    const connection = await mongoose.createConnection(uri, connectionOptions('superkafe-legacy')).asPromise();
    open.set(tenant.slug, { tenant, models: modelsOn(connection), users: modelsOn(connection).User, connection });
  }
  return {
    list: async () => [...open.values()].map((entry) => entry.tenant),
    find: async (slug) => open.get(slug) || null,
    ping: () => Promise.all([...open.values()].map((entry) => entry.connection.db.admin().ping())),
  };
}

/** The registry and the business of all tenants lie in a main database, which MONGODB_URI names; log-ins in the tenants' own. */
async function connectThroughMain() {
  const main = await mongoose
    .createConnection(process.env.MONGODB_URI, connectionOptions('superkafe-legacy'))
    .asPromise();
  const cache = { at: 0, tenants: [] };
  const list = async () => {
    if (Date.now() - cache.at > REGISTRY_LIFETIME_MS) {
      Object.assign(cache, {
        tenants: await main.collection('tenants').find({ isActive: true }).toArray(),
        at: Date.now(),
      });
    }
    return cache.tenants;
  };
  const opened = new Map();
  const open = (tenant) => {
    const { User: users } = modelsOn(main.useDb(tenant.dbName, { useCache: true }));
    const models = modelsOfTenant(main.useDb(main.name, { noListener: true }), tenant);
    return { tenant, users, models };
  };
  const find = async (slug) => {
    const tenant = (await list()).find((entry) => entry.slug === slug);
    if (!tenant) return null;
    if (!opened.has(slug)) opened.set(slug, open(tenant));
    return opened.get(slug);
  };
  return { list, find, ping: () => main.db.admin().ping() };
}

const connect = () => (site.mainDatabase ? connectThroughMain() : connectEach());

module.exports = { connect };
