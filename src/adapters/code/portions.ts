/** Groups of paths that fit on a command line. */
export function* inPortions(paths: readonly string[], limit = 100_000): Generator<string[]> {
  let portion: string[] = [];
  let length = 0;
  for (const path of paths) {
    if (length + path.length > limit && portion.length > 0) {
      yield portion;
      portion = [];
      length = 0;
    }
    portion.push(path);
    length += path.length + 1;
  }
  if (portion.length > 0) yield portion;
}
