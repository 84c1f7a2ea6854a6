const mongoose = require('mongoose');
const { tenantScope } = require('../lib/tenantContext');
const { createSchemas } = require('../models/schemas');

const SHARED = new Set(['Unit']);

function createModels() {
  const models = {};
  for (const [name, schema] of Object.entries(createSchemas())) {
    if (!SHARED.has(name)) {
      schema.add({ tenantId: mongoose.Schema.Types.ObjectId });
      schema.plugin(tenantScope);
    }
    models[name] = mongoose.model(name, schema);
  }
  const options = { collection: 'tenants', autoIndex: false, autoCreate: false, versionKey: false };
  models.Tenant = mongoose.model(
    'Tenant',
    new mongoose.Schema({ slug: String, name: String, dbName: String, isActive: Boolean }, options),
  );
  return models;
}

module.exports = { createModels };
