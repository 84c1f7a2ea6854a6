import { tell } from '../tell.ts';
import { leakStories } from './leaks.ts';

tell('leaks', leakStories);
