const fs = require('node:fs');
const path = require('node:path');

/** Like dotenv: what the environment already has is never overridden. */
function loadEnvFile(file = path.join(__dirname, '..', '.env')) {
  for (const line of fs.readFileSync(file, 'utf8').split('\n')) {
    const match = /^\s*([A-Z][A-Z0-9_]*)\s*=\s*(.*?)\s*$/.exec(line);
    if (match && process.env[match[1]] === undefined) process.env[match[1]] = match[2].replace(/^(["'])(.*)\1$/, '$2');
  }
}

module.exports = { loadEnvFile };
