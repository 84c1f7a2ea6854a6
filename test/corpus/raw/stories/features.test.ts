import { tell } from '../tell.ts';
import { featureStories } from './features.ts';

tell('features', featureStories);
