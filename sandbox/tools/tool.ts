/** Where a program was found, in the order in which the places are asked. */
export type ToolOrigin = 'environment' | 'path' | 'cache' | 'package';

export interface Tool {
  readonly path: string;
  readonly origin: ToolOrigin;
  readonly version: string;
}

export interface Tools {
  readonly mongod: Tool;
  readonly mongodump: Tool;
  readonly mongorestore: Tool;
  /** Absent where nginx is not installed: the sandbox's own proxy takes its place. */
  readonly nginx: Tool | undefined;
  /** A JavaScript file: run it with `targetNode`. */
  readonly pm2: Tool;
  readonly targetNode: Tool;
  readonly git: Tool;
}

export type Say = (line: string) => void;
