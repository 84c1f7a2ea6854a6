import { tell } from '../tell.ts';
import { dailyStories } from './daily.ts';

tell('daily operation', dailyStories);
