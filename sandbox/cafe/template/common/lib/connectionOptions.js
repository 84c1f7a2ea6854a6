const site = require('../config/site.json');

/** Without `databaseTimeoutMs` the driver's own patience: 30 seconds. */
function connectionOptions(appName) {
  const options = { appName, maxPoolSize: 10, autoIndex: false, autoCreate: false };
  const limit = site.databaseTimeoutMs;
  if (!limit) return options;
  return {
    ...options,
    serverSelectionTimeoutMS: limit,
    connectTimeoutMS: limit,
    socketTimeoutMS: limit,
    bufferTimeoutMS: limit,
  };
}

module.exports = { connectionOptions };
