import { namesIn } from '../../probes/journeys/variables.ts';
import { journeySteps, mayChange, type PlacedStep } from '../journey-steps.ts';
import { rule } from '../rule.ts';

/** A journey that writes touches nothing but what it has created itself, and takes that away again. */
export const journeyWrites = rule(['probes'], ({ probes }) =>
  journeySteps(probes).flatMap((placed) => {
    if (!mayChange(placed.step)) return needlessUndo(placed);
    if (!placed.journey.writes) return [];
    return placed.step.method === 'POST' ? ofCreating(placed) : ofChanging(placed);
  }),
);

const needlessUndo = ({ step, path }: PlacedStep) =>
  step.undo ? [{ path: [...path, 'undo'], message: 'is for a step that creates something' }] : [];

function ofCreating({ step, path }: PlacedStep) {
  if (!step.undo) return [{ path, message: 'needs undo: what a journey creates, it takes away again' }];
  const own = Object.keys(step.save);
  const unnamed = !namesIn(step.undo.path).some((name) => own.includes(name));
  return [
    ...(unnamed
      ? [
          {
            path: [...path, 'undo', 'path'],
            message: 'needs a variable that this step saves: the id of what it created',
          },
        ]
      : []),
    ...(namesIn(step.body).includes('mark')
      ? []
      : [{ path, message: 'needs {mark} in its body: people find by it what could not be taken away' }]),
  ];
}

function ofChanging({ step, path, before }: PlacedStep) {
  const created = before.filter(({ undo }) => undo).flatMap(({ save }) => Object.keys(save));
  const saved = before.flatMap(({ save }) => Object.keys(save));
  const names = namesIn(step.path).filter((name) => saved.includes(name));
  const own = names.length > 0 && names.every((name) => created.includes(name));
  return own
    ? []
    : [{ path: [...path, 'path'], message: `${step.method} needs the id of what an earlier step with undo created` }];
}
