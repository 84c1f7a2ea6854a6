import { repeated } from '../repeated.ts';
import { rule } from '../rule.ts';

export const distinctDatabases = rule(['mongo'], ({ mongo }) =>
  repeated(mongo.legacyDatabases, ({ name }) => name.toLowerCase()).map(([index, before]) => ({
    path: ['mongo', 'legacyDatabases', index, 'name'],
    message: `is listed before, as mongo.legacyDatabases[${before}] (MongoDB does not tell names apart by case)`,
  })),
);
