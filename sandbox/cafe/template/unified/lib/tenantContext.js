const { AsyncLocalStorage } = require('node:async_hooks');
const log = require('./log');

const storage = new AsyncLocalStorage();

const within = (tenant, work) => storage.run({ tenant }, work);
const currentTenantId = () => storage.getStore()?.tenant._id;

const SCOPED = [
  'find',
  'findOne',
  'countDocuments',
  'findOneAndUpdate',
  'findOneAndDelete',
  'updateOne',
  'updateMany',
  'deleteOne',
  'deleteMany',
];

/** Adds tenantId to every query and every saved document of a schema, from the request's context. */
function tenantScope(schema) {
  for (const operation of SCOPED) {
    schema.pre(operation, { query: true, document: false }, function scopeQuery() {
      const tenantId = currentTenantId();
      if (tenantId) this.where({ tenantId });
      else log.warn(`${operation} on ${this.model.modelName} without a tenant`);
    });
  }
  schema.pre('aggregate', function scopeAggregate() {
    const tenantId = currentTenantId();
    if (tenantId) this.pipeline().unshift({ $match: { tenantId } });
  });
  schema.pre('validate', function stampTenant() {
    if (!this.tenantId) this.tenantId = currentTenantId();
  });
}

module.exports = { within, tenantScope };
