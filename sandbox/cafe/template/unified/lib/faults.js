const fs = require('node:fs');
const log = require('./log');
const site = require('../config/site.json');

const CACHE_LIFETIME_MS = 10_000;
const HANG_MS = 30_000;
const EXIT_CHECK_MS = 200;
// Longer than pm2's min_uptime: it never gives up and starts the process again and again.
const DYING_MS = 1_200;
// Above the floor of a severe latency.
const SLOW_MS = { least: 600, most: 900 };
const ERROR_SHARE = 0.3;
// Down for half of the time, long enough to be asked about, and up for long enough to be withdrawn.
const FLAP_MS = { every: 25_000, bad: 9_000 };
// 7.5 % of the time.
const BURST_MS = { every: 4_000, bad: 300 };

/** Which defect this build shows, from the file of CAFE_FAULTS_FILE; none without it. */
function readFault() {
  const file = process.env.CAFE_FAULTS_FILE;
  if (!file) return { name: 'none' };
  try {
    return JSON.parse(fs.readFileSync(file, 'utf8'));
  } catch {
    return { name: 'none' };
  }
}

const currentFault = () => readFault().name;

/** The defect: answers are kept by path, and the tenant is not part of the path. */
function createLeakingCache() {
  const answers = new Map();
  return (req, res, next) => {
    if (currentFault() !== 'leak') {
      answers.clear();
      return next();
    }
    const key = req.originalUrl;
    const kept = answers.get(key);
    if (kept && kept.until > Date.now()) return res.json(kept.body);
    const send = res.json.bind(res);
    res.json = (body) => {
      if (res.statusCode === 200) answers.set(key, { body, until: Date.now() + CACHE_LIFETIME_MS });
      return send(body);
    };
    return next();
  };
}

const slowed = (next) => setTimeout(next, SLOW_MS.least + Math.random() * (SLOW_MS.most - SLOW_MS.least));
const failed = (next) => next(new TypeError("Cannot read properties of undefined (reading 'total')"));
const sometimesFailed = (next) => (Math.random() < ERROR_SHARE ? failed(next) : next());

const isBadNow = (since, { every, bad }) => (Date.now() - Date.parse(since)) % every < bad;
const unavailable = (res) => res.status(503).json({ success: false, message: 'Service not available' });

/** Half of those who log in are told that their password is wrong. */
function loginFailed(res, next) {
  if (Math.random() < 0.5) return failed(next);
  return res.status(401).json({ success: false, message: 'Wrong password' });
}

/** The defects that every request shows, or every request of a tenant. */
function showFault(req, res, next) {
  const { name, since, tenant, lasts } = readFault();
  if (name === 'outage' && site.outage === 'hang') return setTimeout(() => unavailable(res), HANG_MS);
  if (name === 'flap' && isBadNow(since, FLAP_MS)) return unavailable(res);
  if (name === 'login' && req.path === '/api/auth/login') return loginFailed(res, next);
  const slug = req.get('x-tenant-slug');
  if (!slug) return next();
  if (name === 'slow') return slowed(next);
  if (name === 'errors') return sometimesFailed(next);
  if (name === 'feature' && req.path === '/api/units') return failed(next);
  if (name === 'burst' && isBadNow(since, BURST_MS)) return failed(next);
  if (name === 'one-tenant' && slug === tenant) return failed(next);
  if (name === 'transient' && Date.now() < Date.parse(since) + lasts) return sometimesFailed(next);
  return next();
}

/** The defect: the process dies soon after each start. True: it is dying now. */
function dieInOutage() {
  if (site.outage !== 'exit') return false;
  if (currentFault() === 'outage') {
    log.error('Fatal', new Error('cannot read properties of undefined (reading "pool")'));
    setTimeout(() => process.exit(1), DYING_MS);
    return true;
  }
  setInterval(() => {
    if (currentFault() === 'outage') process.exit(1);
  }, EXIT_CHECK_MS).unref();
  return false;
}

module.exports = { createLeakingCache, showFault, dieInOutage };
