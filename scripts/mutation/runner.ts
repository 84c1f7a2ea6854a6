import { declareFactoryPlugin, type Injector, PluginKind } from '@stryker-mutator/api/plugin';
import type { TestRunner } from '@stryker-mutator/api/test-runner';
import { strykerValidationSchema, strykerPlugins as theirs } from '@stryker-mutator/vitest-runner';

interface VitestTestRunner extends TestRunner {
  readonly ctx: { readonly projects: readonly { readonly config: object }[] };
}

/** Stryker names a test by its titles with a space between them, vitest by the same with ` > `. */
const separated = (pattern: RegExp): RegExp => new RegExp(pattern.source.replaceAll(' ', '(?: > | )'));

function understandNames({ config }: { readonly config: object }): void {
  let pattern: RegExp | undefined;
  Object.defineProperty(config, 'testNamePattern', {
    enumerable: true,
    get: () => pattern,
    set(given: RegExp | undefined) {
      pattern = given && separated(given);
    },
  });
}

/** Stryker's runner for vitest, whose choice of tests for a mutant vitest 5 would otherwise not understand. */
function createRunner(injector: Injector): TestRunner {
  const [{ factory }] = theirs as unknown as [{ factory: (injector: Injector) => VitestTestRunner }];
  const runner = factory(injector);
  const init = runner.init?.bind(runner);
  runner.init = async () => {
    await init?.();
    runner.ctx.projects.forEach(understandNames);
  };
  return runner;
}
createRunner.inject = ['$injector'] as const;

export { strykerValidationSchema };
export const strykerPlugins = [declareFactoryPlugin(PluginKind.TestRunner, 'vitest', createRunner as never)];
