const log = require('./log');

function listen(app) {
  const port = Number(process.env.PORT || 3000);
  app.listen(port, process.env.HOST || undefined, (error) => {
    if (error) {
      log.error('Could not listen', error);
      process.exit(1);
    }
    log.info(`Server listening on port ${port}`);
  });
}

module.exports = { listen };
