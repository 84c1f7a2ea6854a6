// biome-ignore-all lint/suspicious/noConsole: an application logs to its console, and pm2 keeps it
const site = require('../config/site.json');

const mixed = site.logs === 'mixed';

/** Grown over the years: some lines are JSON, some plain with an emoji, some an inspected object over several lines. */
function info(message, details) {
  if (!mixed) console.log(`[INFO] ${message}`);
  else if (details) console.log(`📦 ${message}`, details);
  else console.log(JSON.stringify({ level: 'info', message }));
}

function warn(message) {
  if (mixed) console.error(`⚠️  ${message}`);
  else console.error(`[WARN] ${message}`);
}

function error(message, cause) {
  if (mixed) console.error(`❌ ${message}:`, cause);
  else console.error(`[ERROR] ${message}: ${cause?.message}`);
}

module.exports = { info, warn, error };
