const crypto = require('node:crypto');

const ROUNDS = 1000;

function hashPassword(password, salt) {
  return `${salt}:${crypto.pbkdf2Sync(password, salt, ROUNDS, 32, 'sha256').toString('hex')}`;
}

function passwordMatches(password, stored) {
  const [salt] = String(stored).split(':');
  const expected = Buffer.from(String(stored));
  const actual = Buffer.from(hashPassword(String(password), salt));
  return expected.length === actual.length && crypto.timingSafeEqual(expected, actual);
}

module.exports = { hashPassword, passwordMatches };
