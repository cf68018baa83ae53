// `node:net` can do this too, but loading it costs more than all of the configuration.

/** The four bytes of a dotted IPv4 address; null for octal, hexadecimal and shortened forms. */
export function parseIpv4(text: string): readonly number[] | null {
  const parts = text.split('.')
  if (parts.length !== 4) return null
  const isByte = (part: string) => /^(?:0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255
  return parts.every(isByte) ? parts.map(Number) : null
}

/** An IPv6 address in its shortest spelling, without zone; null when it is none. */
export function normalizeIpv6(text: string): string | null {
  const address = text.replace(/%[\w.-]{1,32}$/, '')
  if (!/^[0-9a-f:.]{2,45}$/i.test(address)) return null
  const url = `http://[${address}]/`
  return URL.canParse(url) ? new URL(url).hostname.slice(1, -1) : null
}

/** The IPv4 bytes inside `::ffff:a.b.c.d`, given in its shortest spelling; null for others. */
export function unmapIpv4(shortest: string): readonly number[] | null {
  const match = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(shortest)
  if (match === null) return null
  return [match[1]!, match[2]!].flatMap((half) => {
    const value = Number.parseInt(half, 16)
    return [value >> 8, value & 0xff]
  })
}
