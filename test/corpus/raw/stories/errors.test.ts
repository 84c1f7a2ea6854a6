import { tell } from '../tell.ts';
import { errorStories } from './errors.ts';

tell('errors', errorStories);
