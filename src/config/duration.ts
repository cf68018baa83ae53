const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000 }

/** The longest delay that a timer of Node keeps: about 24 days. */
const LONGEST_MS = 2 ** 31 - 1

/** The accepted forms, for messages. */
export const DURATION_FORMS = '500ms, 60s, 2m or 0'

/** Milliseconds of `500ms`, `60s`, `2m` or `0`; null for anything else and over 24 days. */
export function parseDuration(text: string): number | null {
  if (text === '0') return 0
  const match = /^(\d{1,10})(ms|s|m)$/.exec(text)
  if (match === null) return null
  const milliseconds = Number(match[1]) * UNIT_MS[match[2]!]!
  return milliseconds <= LONGEST_MS ? milliseconds : null
}
