const SECRET_WORDS: ReadonlySet<string> = new Set([
  'apikey',
  'auth',
  'authorization',
  'credential',
  'credentials',
  'key',
  'keys',
  'passphrase',
  'passwd',
  'password',
  'pwd',
  'secret',
  'secrets',
  'sig',
  'signature',
  'token',
])

/**
 * Whether a name says that a secret is behind it: one of its words does, in snake_case, kebab-case
 * or camelCase. `max_tokens` counts tokens, `monkey` is no key.
 */
export function saysSecret(name: string): boolean {
  const words = name.replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2').toLowerCase()
  return words.split(/[^\p{L}\p{N}]+/u).some((word) => SECRET_WORDS.has(word))
}
