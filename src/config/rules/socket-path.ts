import { rule } from '../rule.ts';

/** The kernel's limit for the address of a Unix socket, without its closing zero. */
const limit = 107;

export const socketPath = rule(['doors'], ({ doors }) => {
  const bytes = Buffer.byteLength(doors.socket.path);
  if (bytes <= limit) return [];
  return [{ path: ['doors', 'socket', 'path'], message: `has ${bytes} bytes: a Unix socket's path may have ${limit}` }];
});
