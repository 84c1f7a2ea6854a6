import { tell } from '../tell.ts';
import { rateStories } from './rates.ts';

tell('error rates', rateStories);
