/** How a host is written that a program connects to: every way to say "this machine" is one, and an IPv6 address has no brackets. */
export function dialledHost(host: string): string {
  const canonical = canonicalHost(host);
  return isLoopback(canonical) ? '127.0.0.1' : canonical.replace(/^\[|\]$/g, '');
}

/** As a URL parser writes it: lower case, `127.1` and the long forms of IPv6 spelled the one way. */
function canonicalHost(host: string): string {
  const bare = host.replace(/^\[|\]$/g, '').replace(/\.$/, '');
  const url = `http://${bare.includes(':') ? `[${bare}]` : bare}`;
  return URL.canParse(url) ? new URL(url).hostname : bare.toLowerCase();
}

const isLoopback = (host: string): boolean =>
  /^(localhost|.+\.localhost|127\.[\d.]+|0\.0\.0\.0|\[::1?\]|\[::ffff:7f[0-9a-f]{2}:[0-9a-f]+\])$/.test(host);
