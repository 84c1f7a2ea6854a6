import { tell } from '../tell.ts';
import { outageStories } from './outages.ts';

tell('outages', outageStories);
