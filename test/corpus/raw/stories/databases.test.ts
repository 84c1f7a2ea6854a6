import { tell } from '../tell.ts';
import { databaseStories } from './databases.ts';

tell('databases', databaseStories);
