// biome-ignore-all lint/suspicious/noConsole: a script says on its console what it did
// Copies every tenant's legacy database into the unified one.
// LEGACY_MONGODB_URI: the legacy pattern (or main database); MONGODB_URI: the unified database.
const mongoose = require('mongoose');
const site = require('../config/site.json');
const listed = require('../config/tenants.json');

const PER_TENANT = ['menuitems', 'orders', 'customers', 'tables', 'users', 'inventory'];
const BATCH = 5000;
const INDEXES = {
  menuitems: [{ tenantId: 1, category: 1 }],
  orders: [{ tenantId: 1, createdAt: -1 }],
  customers: [],
  tables: [],
  users: [],
  inventory: [],
};

const { ObjectId } = mongoose.Types;

// _id is made anew, so that two tenants can never meet in one.
const withTenant =
  (tenantId) =>
  ({ _id, cafe: _legacy, ...rest }) => ({ _id: new ObjectId(), tenantId, ...rest });
const withoutTenant = ({ _id, ...rest }) => ({ _id: new ObjectId(), ...rest });

async function insert(collection, documents) {
  for (let from = 0; from < documents.length; from += BATCH) {
    await collection.insertMany(documents.slice(from, from + BATCH), { ordered: false });
  }
}

async function tenantsOf(client) {
  if (!site.mainDatabase)
    return listed.map((tenant) => ({ ...tenant, dbName: `superkafe_${tenant.slug}`, isActive: true }));
  return client.db(site.mainDatabase).collection('tenants').find().toArray();
}

function sourceOf(client, tenant, name) {
  if (site.mainDatabase && name !== 'users')
    return client
      .db(site.mainDatabase)
      .collection(name)
      .find({ cafe: { $in: [tenant._id, tenant.slug] } });
  return client
    .db(tenant.dbName)
    .collection(name)
    .find({ role: { $ne: 'super-admin' } });
}

async function migrateTenant(client, target, tenant) {
  const tenantId = new ObjectId();
  await target
    .collection('tenants')
    .insertOne({ _id: tenantId, slug: tenant.slug, name: tenant.name, dbName: tenant.dbName, isActive: true });
  for (const name of PER_TENANT) {
    const documents = await sourceOf(client, tenant, name).toArray();
    await insert(target.collection(name), documents.map(withTenant(tenantId)));
    console.log(`[SUCCESS] ${tenant.slug} ${name}: ${documents.length}/${documents.length} documents migrated`);
  }
}

/** Units are the same everywhere, and the super-admin belongs to nobody: once, without a tenant. */
async function migrateShared(client, target, first) {
  const source = client.db(site.mainDatabase || first.dbName);
  await insert(target.collection('units'), (await source.collection('units').find().toArray()).map(withoutTenant));
  const superAdmins = await source.collection('users').find({ role: 'super-admin' }).toArray();
  await insert(target.collection('users'), superAdmins.map(withoutTenant));
}

async function createIndexes(target) {
  await target.collection('tenants').createIndex({ slug: 1 }, { unique: true });
  await target.collection('units').createIndex({ id: 1 }, { unique: true });
  for (const [name, keys] of Object.entries(INDEXES)) {
    await target.collection(name).createIndex({ tenantId: 1, id: 1 }, { unique: true });
    for (const key of keys) await target.collection(name).createIndex(key);
  }
}

async function main() {
  const unified = await mongoose.createConnection(process.env.MONGODB_URI, { autoIndex: false }).asPromise();
  const legacy = await mongoose.createConnection(process.env.LEGACY_MONGODB_URI, { autoIndex: false }).asPromise();
  const client = legacy.getClient();
  const tenants = await tenantsOf(client);
  await createIndexes(unified.db);
  for (const tenant of tenants) await migrateTenant(client, unified.db, tenant);
  await migrateShared(client, unified.db, tenants[0]);
  await Promise.all([unified.close(), legacy.close()]);
  console.log(`[SUCCESS] ${tenants.length} tenants migrated`);
}

main().catch((error) => {
  console.error('[ERROR] Migration failed:', error.message);
  process.exit(1);
});
