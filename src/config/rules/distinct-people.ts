import { repeated } from '../repeated.ts';
import { rule } from '../rule.ts';

/** An approval is worth what the identity behind it is worth. */
export const distinctPeople = rule(['people'], ({ people }) => {
  const told = (key: 'name' | 'uid' | 'slack') =>
    repeated(people, (person) => person[key]).map(([index, before]) => ({
      path: ['people', index, key],
      message: `belongs to people[${before}] already`,
    }));
  return [...told('name'), ...told('uid'), ...told('slack')];
});
