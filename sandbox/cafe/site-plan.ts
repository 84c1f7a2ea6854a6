import type { SandboxOptions } from '../sandbox-shape.ts';
import type { Seed } from '../seed/seed.ts';
import type { Tools } from '../tools/tool.ts';
import type { Workspace } from '../workspace/workspace.ts';

/** What every part of the sandbox is built from; whatever it starts goes onto the stack. */
export interface SitePlan {
  readonly mongo: SandboxOptions['mongo'];
  readonly seed: Seed;
  readonly tools: Tools;
  readonly workspace: Workspace;
  readonly stack: AsyncDisposableStack;
  readonly say: (line: string) => void;
}
