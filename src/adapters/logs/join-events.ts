/** Lines joined to events: one that matches `eventStart` begins an event, others continue it. Of a longer event than `maxLength`, the beginning. */
export async function* joinEvents(
  lines: AsyncIterable<string>,
  eventStart: RegExp,
  maxLength: number,
): AsyncGenerator<string> {
  let event: string | undefined;
  for await (const line of lines) {
    if (event === undefined || eventStart.test(line)) {
      if (event !== undefined) yield event;
      event = line;
    } else if (event.length + line.length < maxLength) {
      event = `${event}\n${line}`;
    }
  }
  if (event !== undefined) yield event;
}
