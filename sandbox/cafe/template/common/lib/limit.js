/** So many requests from one address in so much time, by this worker's memory. */
function limitRequests({ max, windowMs }) {
  const seen = new Map();
  return (req, res, next) => {
    const since = Date.now() - windowMs;
    const times = (seen.get(req.ip) || []).filter((time) => time > since);
    if (times.length >= max)
      return res.status(429).json({ success: false, message: 'Too many logins, try again later' });
    seen.set(req.ip, [...times, Date.now()]);
    return next();
  };
}

module.exports = { limitRequests };
