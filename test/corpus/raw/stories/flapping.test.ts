import { tell } from '../tell.ts';
import { flappingStories } from './flapping.ts';

tell('flapping', flappingStories);
