import type { Story } from '../story.ts';
import { contradictionStories } from './contradictions.ts';
import { dailyStories } from './daily.ts';
import { databaseStories } from './databases.ts';
import { errorStories } from './errors.ts';
import { featureStories } from './features.ts';
import { flappingStories } from './flapping.ts';
import { latencyStories } from './latency.ts';
import { leakStories } from './leaks.ts';
import { outageStories } from './outages.ts';
import { rateStories } from './rates.ts';

export const stories: readonly Story[] = [
  ...outageStories,
  ...flappingStories,
  ...contradictionStories,
  ...errorStories,
  ...rateStories,
  ...latencyStories,
  ...leakStories,
  ...featureStories,
  ...databaseStories,
  ...dailyStories,
];
