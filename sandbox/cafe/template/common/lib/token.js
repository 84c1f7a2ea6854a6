const crypto = require('node:crypto');

const LIFETIME_SECONDS = 8 * 3600;

const encode = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
const signature = (text) => crypto.createHmac('sha256', process.env.JWT_SECRET).update(text).digest('base64url');

function issueToken(claims) {
  const now = Math.floor(Date.now() / 1000);
  const text = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode({ ...claims, iat: now, exp: now + LIFETIME_SECONDS })}`;
  return `${text}.${signature(text)}`;
}

function readToken(token) {
  const [header, payload, given] = String(token).split('.');
  if (!given || given !== signature(`${header}.${payload}`)) return null;
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString());
  return claims.exp * 1000 > Date.now() ? claims : null;
}

module.exports = { issueToken, readToken };
