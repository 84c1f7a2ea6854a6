const { rememberTenant } = require('../routes/settings');

const resolveTenant = (databases) => async (req, res, next) => {
  const slug = req.get('x-tenant-slug');
  if (!slug) return res.status(400).json({ success: false, message: 'x-tenant-slug is missing' });
  const found = await databases.find(slug);
  if (!found) return res.status(404).json({ success: false, message: 'Unknown tenant' });
  req.tenant = found.tenant;
  req.models = found.models;
  rememberTenant(found.tenant, found.models, (work) => work());
  return next();
};

module.exports = { resolveTenant };
