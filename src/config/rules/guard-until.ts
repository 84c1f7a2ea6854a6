import { rule } from '../rule.ts';

export const guardUntil = rule(['guard', 'migration'], ({ guard, migration }) =>
  guard.until > migration.cutoverAt
    ? []
    : [
        {
          path: ['guard', 'until'],
          message: 'must be later than migration.cutoverAt: there is nothing to guard before',
        },
      ],
);
