import { type Logger, LogLevel } from '@slack/web-api';

/** The SDK writes to the console by itself; what it has to tell, it throws as well. */
export const silentLogger: Logger = {
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
  setLevel: () => {},
  getLevel: () => LogLevel.ERROR,
  setName: () => {},
};
