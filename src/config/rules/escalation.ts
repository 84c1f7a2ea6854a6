import { rule } from '../rule.ts';

export const escalation = rule(['notify', 'people'], ({ notify, people }) =>
  notify.escalation.flatMap((name, index) =>
    people.some((person) => person.name === name)
      ? []
      : [{ path: ['notify', 'escalation', index], message: `"${name}" is nobody in \`people\`` }],
  ),
);
