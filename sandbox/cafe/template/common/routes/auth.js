const { Router } = require('express');
const { limitRequests } = require('../lib/limit');
const { passwordMatches } = require('../lib/password');
const { issueToken } = require('../lib/token');
const site = require('../config/site.json');

/** `findUser({ slug, email })` answers a mongoose document of that tenant or null. */
function authRoutes({ findUser }) {
  const router = Router();
  const limit = site.loginLimit ? limitRequests(site.loginLimit) : (_req, _res, next) => next();

  router.post('/login', limit, async (req, res) => {
    const { email, password, tenant } = req.body || {};
    if (!email || !password || !tenant)
      return res.status(400).json({ success: false, message: 'email, password and tenant are required' });
    const user = await findUser({ slug: tenant, email });
    if (!user) return res.status(404).json({ success: false, message: 'No such user' });
    if (!passwordMatches(password, user.passwordHash))
      return res.status(401).json({ success: false, message: 'Wrong password' });
    user.lastLoginAt = new Date();
    await user.save();
    return res.json({ success: true, token: issueToken({ sub: user.id, tenant, role: user.role }) });
  });

  return router;
}

module.exports = { authRoutes };
