import { rule } from '../rule.ts';

/** Only a user of its own can be kept from writing into the unified database. */
export const restorerRights = rule(['mongo'], ({ mongo: { users } }) => {
  if (!users) return [];
  const { restorer } = users;
  return (['observer', 'dumper'] as const)
    .filter((name) => users[name].user === restorer.user && users[name].authSource === restorer.authSource)
    .map((name) => ({
      path: ['mongo', 'users', 'restorer', 'user'],
      message: `is the ${name} too: the restorer needs a user with rights on the legacy databases alone`,
    }));
});
