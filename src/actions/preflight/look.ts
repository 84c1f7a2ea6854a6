import type { Obstacle } from '../../model/obstacle.ts';
import type { World } from '../world.ts';

/** Finds obstacles by trying what the run will do, or by the nearest thing that users do not notice. Changes nothing that stays. */
export type Look = (world: World, signal: AbortSignal) => Promise<readonly Obstacle[]>;
