const { readToken } = require('./token');

function requireLogin(req, res, next) {
  const [scheme, token] = String(req.get('authorization') || '').split(' ');
  const claims = scheme === 'Bearer' ? readToken(token) : null;
  if (!claims) return res.status(401).json({ success: false, message: 'Not logged in' });
  if (claims.tenant !== req.tenant.slug)
    return res.status(403).json({ success: false, message: 'Token of another tenant' });
  req.user = claims;
  return next();
}

module.exports = { requireLogin };
