import type { JourneyConfig, JourneyStep } from '../probes/journeys/schema.ts';
import type { Path } from './fault.ts';
import type { Config } from './schema.ts';

/** A step with its place in the file. */
export interface PlacedStep {
  readonly side: 'unified' | 'legacy';
  readonly journey: JourneyConfig;
  readonly step: JourneyStep;
  readonly path: Path;
  readonly before: readonly JourneyStep[];
}

const sides = ['unified', 'legacy'] as const;

/** Every step of every journey. */
export const journeySteps = (probes: Config['probes']): PlacedStep[] =>
  sides.flatMap((side) =>
    probes[side].journeys.flatMap((journey, position) =>
      journey.steps.map((step, index) => ({
        side,
        journey,
        step,
        path: ['probes', side, 'journeys', position, 'steps', index],
        before: journey.steps.slice(0, index),
      })),
    ),
  );

/** A question that may change something, by its method and by what is said of it. */
export const mayChange = ({ method, changesNothing }: Pick<JourneyStep, 'method' | 'changesNothing'>): boolean =>
  method !== 'GET' && method !== 'HEAD' && !changesNothing;
