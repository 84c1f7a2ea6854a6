/** A message about an incident or a run is named after it and its topic: one topic is told once. */
export const messageAbout = (subject: string, topic: string): string => `${subject}/${topic}`;

export function topicOf(message: string): { subject: string; topic: string } | undefined {
  const cut = message.indexOf('/');
  return cut < 0 ? undefined : { subject: message.slice(0, cut), topic: message.slice(cut + 1) };
}
