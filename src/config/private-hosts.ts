import { normalizeIpv6, parseIpv4, unmapIpv4 } from './ip-address.ts'

/**
 * Whether traffic to the host stays on this machine or a private network: Unix sockets, loopback,
 * RFC 1918, 100.64.0.0/10, fc00::/7, fe80::/10, `*.internal`, `*.local`, `localhost`,
 * `*.localhost` and names of one label. Names are judged as written, never looked up.
 */
export function isLocalOrPrivate(host: string): boolean {
  if (host.startsWith('/')) return true
  const name = host.toLowerCase().replace(/\.$/, '')
  const ipv4 = parseIpv4(name)
  if (ipv4 !== null) return isPrivateIpv4(ipv4)
  return name.includes(':') ? isPrivateIpv6(name) : isPrivateName(name)
}

function isPrivateIpv4(bytes: readonly number[]): boolean {
  const [first = 0, second = 0] = bytes
  if (first === 10 || first === 127) return true
  if (first === 192) return second === 168
  if (first === 172) return second >= 16 && second <= 31
  return first === 100 && second >= 64 && second <= 127
}

function isPrivateIpv6(text: string): boolean {
  const shortest = normalizeIpv6(text)
  if (shortest === null) return false
  if (shortest === '::1') return true
  const mapped = unmapIpv4(shortest)
  if (mapped !== null) return isPrivateIpv4(mapped)
  const first = Number.parseInt(shortest, 16)
  return (first & 0xfe00) === 0xfc00 || (first & 0xffc0) === 0xfe80
}

function isPrivateName(name: string): boolean {
  if (/\.(?:internal|local|localhost)$/.test(name)) return true
  // Resolvers read `134744072` and `0x08080808` as 8.8.8.8, so a number is not a name.
  return /^[a-z0-9_-]{1,63}$/.test(name) && !/^(?:\d+|0x[0-9a-f]*)$/.test(name)
}
