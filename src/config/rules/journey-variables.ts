import { namesIn } from '../../probes/journeys/variables.ts';
import { journeySteps, type PlacedStep } from '../journey-steps.ts';
import { rule } from '../rule.ts';

const given = ['tenant', 'email', 'password', 'mark'];

/** Whatever a step names must be known by then, and a password stands in no path: paths are written down on the way. */
export const journeyVariables = rule(['probes'], ({ probes }) =>
  journeySteps(probes).flatMap((placed) => [...unknownNames(placed), ...passwordInPath(placed), ...savedOver(placed)]),
);

function unknownNames({ step, path, before }: PlacedStep) {
  const known = [...given, ...before.flatMap(({ save }) => Object.keys(save))];
  const within = [step.path, step.headers, step.body, step.expectJson];
  const undone = step.undo ? [step.undo.path, step.undo.headers, step.undo.body] : [];
  return [
    ...notIn(known, within).map((name) => ({ path, message: `{${name}} is saved by no step before this one` })),
    ...notIn([...known, ...Object.keys(step.save)], undone).map((name) => ({
      path: [...path, 'undo'],
      message: `{${name}} is saved by no step up to this one`,
    })),
  ];
}

const notIn = (known: readonly string[], templates: unknown): string[] => [
  ...new Set(namesIn(templates).filter((name) => !known.includes(name))),
];

const passwordInPath = ({ step, path }: PlacedStep) =>
  namesIn([step.path, step.undo?.path]).includes('password')
    ? [{ path: [...path, 'path'], message: '{password} belongs into a body or a header: paths are written into logs' }]
    : [];

const savedOver = ({ step, path }: PlacedStep) =>
  Object.keys(step.save)
    .filter((name) => given.includes(name))
    .map((name) => ({ path: [...path, 'save', name], message: `{${name}} is given already: save it as another name` }));
