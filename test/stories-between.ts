import { BaseSequencer, type TestSpecification } from 'vitest/node';

const isStory = ({ moduleId }: TestSpecification): boolean => moduleId.includes('/test/corpus/');

/** Stories take the processor, most others wait for programs: spread among them, neither waits for the other. */
export class StoriesBetween extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const stories = sorted.filter(isStory);
    const others = sorted.filter((file) => !isStory(file));
    const apart = Math.ceil(others.length / (stories.length + 1));
    const spread = stories.flatMap((story, index) => [story, ...others.slice(index * apart, (index + 1) * apart)]);
    return [...spread, ...others.slice(stories.length * apart)];
  }
}
