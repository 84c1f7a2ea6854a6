import { BaseSequencer, type TestSpecification } from 'vitest/node';

const isStory = ({ moduleId }: TestSpecification): boolean => moduleId.includes('/test/corpus/');

/** Stories take the processor, most others wait for programs: spread among them, neither waits for the other. */
export class StoriesBetween extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const stories = sorted.filter(isStory);
    const onPrograms = sorted.filter((file) => !isStory(file) && file.project.name === 'on programs');
    const rooms = sorted.filter(({ project }) => project.name === 'rooms');
    const apart = Math.ceil((onPrograms.length + 1) / (stories.length + 1));
    const spread = stories.flatMap((story, index) => [story, ...onPrograms.slice(index * apart, (index + 1) * apart)]);
    return [...spread, ...onPrograms.slice(stories.length * apart), ...rooms];
  }
}
