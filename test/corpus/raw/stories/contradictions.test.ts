import { tell } from '../tell.ts';
import { contradictionStories } from './contradictions.ts';

tell('contradictions', contradictionStories);
