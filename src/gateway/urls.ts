const ABSOLUTE = /^([a-z][a-z0-9+.-]*):\/\/([^/?#]*)([^?#]*)(.*)$/is

/**
 * A URL with scheme and host in lower case and without one trailing slash of its path, for
 * comparing only; text that is not an absolute URL stays as it is.
 */
export function comparableUrl(text: string): string {
  const [, scheme, authority, path = '', rest = ''] = ABSOLUTE.exec(text) ?? []
  if (scheme === undefined || authority === undefined) return text
  const host = authority.lastIndexOf('@') + 1
  return [
    `${scheme.toLowerCase()}://${authority.slice(0, host)}${authority.slice(host).toLowerCase()}`,
    path.replace(/\/$/, ''),
    rest,
  ].join('')
}
