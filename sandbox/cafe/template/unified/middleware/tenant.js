const { within } = require('../lib/tenantContext');
const { rememberTenant } = require('../routes/settings');

const LIFETIME_MS = 5 * 60 * 1000;

function createTenantCache(Tenant) {
  const known = new Map();
  return async (slug) => {
    const cached = known.get(slug);
    if (cached && cached.until > Date.now()) return cached.tenant;
    const tenant = await Tenant.findOne({ slug, isActive: true }).lean();
    if (tenant) known.set(slug, { tenant, until: Date.now() + LIFETIME_MS });
    return tenant;
  };
}

const resolveTenant = (findTenant, models) => async (req, res, next) => {
  const slug = req.get('x-tenant-slug');
  if (!slug) return res.status(400).json({ success: false, message: 'x-tenant-slug is missing' });
  const tenant = await findTenant(slug);
  if (!tenant) return res.status(404).json({ success: false, message: 'Unknown tenant' });
  req.tenant = tenant;
  req.models = models;
  rememberTenant(tenant, models, (work) => within(tenant, work));
  return within(tenant, next);
};

module.exports = { createTenantCache, resolveTenant };
