import { outageStories } from './outages.ts';
export const stories = [...outageStories];
