/** Text of foreign origin: in Slack's markup it can neither mention anybody nor pass for a link. */
export const escapeText = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** At most so many characters, and no half escape or mention at the end. */
export function cutText(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const kept = text.slice(0, limit - 1);
  return `${kept.replace(/(?:&[a-z]{0,3}|<[^<>]*|[\ud800-\udbff])$/, '')}…`;
}

/** The same moment in everybody's own time; who cannot show that reads it in UTC. */
export const moment = (at: number): string => {
  const plain = new Date(at).toISOString();
  return `<!date^${Math.floor(at / 1_000)}^{date_short_pretty} {time_secs}|${plain}>`;
};
