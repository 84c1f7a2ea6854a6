const { createSchemas } = require('../models/schemas');

// How the documents of the main database name their tenant: older collections by its _id in the registry, newer ones by slug.
const NAMED_BY = { MenuItem: '_id', Table: '_id', InventoryItem: '_id', Order: 'slug', Customer: 'slug' };
const SCOPED = ['find', 'findOne', 'countDocuments', 'deleteOne', 'updateOne'];

/** Adds the tenant to every query and every new document of a schema. */
function scope(schema, cafe, type) {
  schema.add({ cafe: type });
  for (const operation of SCOPED) {
    schema.pre(operation, { query: true, document: false }, function scopeQuery() {
      this.where({ cafe });
    });
  }
  schema.pre('validate', function stampTenant() {
    this.cafe = cafe;
  });
}

/** Models on the main database that see one tenant's documents alone; units are everybody's. */
function modelsOfTenant(connection, tenant) {
  const models = {};
  for (const [name, schema] of Object.entries(createSchemas())) {
    const namedBy = NAMED_BY[name];
    if (namedBy) scope(schema, tenant[namedBy], namedBy === '_id' ? 'ObjectId' : String);
    models[name] = connection.model(name, schema);
  }
  return models;
}

module.exports = { modelsOfTenant };
