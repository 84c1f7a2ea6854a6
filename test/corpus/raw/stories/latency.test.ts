import { tell } from '../tell.ts';
import { latencyStories } from './latency.ts';

tell('latency', latencyStories);
