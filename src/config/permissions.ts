import { mongoRights, type ServerName, servers, type UserRights } from '../adapters/mongo/rights.ts';
import { isOneServer } from '../adapters/mongo/servers.ts';
import { RollbackdError } from '../core/errors.ts';
import type { Config } from './schema.ts';

export { type ServerName, servers };

/**
 * A script for mongosh that gives rollbackd's users their rights on one server, and can be run again after the list of databases changed.
 * Errors: RollbackdError `server-unclear` where two servers are configured and none is named; those of mongoRights.
 */
export function permissionsScript({ mongo }: Pick<Config, 'mongo'>, wanted: ServerName | undefined): string {
  const { server, rights } = permissionsOf({ mongo }, wanted);
  const { ownRoles, users } = rights;
  const { host, port, tls } = mongo[server];
  const address = `--host ${host} --port ${port}${tls ? ' --tls' : ''}`;
  return [
    `// The MongoDB users of rollbackd on ${host}:${port}, each with the least rights that suffice.`,
    '// Run it from a file, as somebody who may administer users: it asks for the password of each user that is new.',
    `//   mongosh ${address} --username ADMIN --authenticationDatabase admin admin FILE.js`,
    '// Run again it replaces the roles of these users and leaves their passwords alone.',
    ...(mongo.users ? [] : ['// mongo.users is not configured yet: write these users there, with their passwords.']),
    '',
    'const ownRoles = [',
    ...ownRoles.map((role) => `  ${JSON.stringify(role)},`),
    '];',
    'const users = [',
    ...users.flatMap(userLines),
    '];',
    '',
    ...statements,
    '',
  ].join('\n');
}

/** Errors: as the script. */
export function permissionsOf({ mongo }: Pick<Config, 'mongo'>, wanted: ServerName | undefined) {
  const server = wanted ?? theOnlyServer(mongo);
  return { server, rights: mongoRights(mongo, server) };
}

function theOnlyServer(mongo: Config['mongo']): ServerName {
  if (isOneServer(mongo)) return 'unified';
  throw new RollbackdError('server-unclear', 'the unified and the legacy databases lie on two servers', {
    remedy: 'print one script for each: --server unified, then --server legacy',
  });
}

const userLines = ({ user, authSource, roles }: UserRights): string[] => [
  `  { user: ${JSON.stringify(user)}, authSource: ${JSON.stringify(authSource)}, roles: [`,
  ...roles.map((role) => `    ${JSON.stringify(role)},`),
  '  ] },',
];

const statements = [
  "const admin = db.getSiblingDB('admin');",
  'for (const { role, ...content } of ownRoles) {',
  '  if (admin.getRole(role)) admin.updateRole(role, content);',
  '  else admin.createRole({ role, ...content });',
  '}',
  '',
  'for (const { user, authSource, roles } of users) {',
  '  const home = db.getSiblingDB(authSource);',
  '  if (home.getUser(user)) {',
  '    home.updateUser(user, { roles });',
  '    print(user + ": its roles are as they should be; its password is what it was");',
  '  } else {',
  '    print("A password for " + user + ", who is new:");',
  '    home.createUser({ user, pwd: passwordPrompt(), roles });',
  '  }',
  '}',
];
