/** Whatever comes from a database is hostile in every output. Pure string work. */

/**
 * What a terminal or a CI log would act on instead of show: control characters (line ends too),
 * bidirectional and zero-width formatting, other invisible format characters, lone surrogates.
 */
const ACTIVE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\u{115F}\u{1160}\u{3164}\u{FFA0}]/gu

/** Data as one line of plain text: nothing in it moves the cursor, colours or hides anything. */
export function escapeText(data: string): string {
  return data.replaceAll(ACTIVE, (character) => `\\u{${character.codePointAt(0)!.toString(16)}}`)
}

/**
 * JSON text in which such characters, and what starts a runner's command, are written as escapes;
 * it parses to the same value.
 */
export function escapeJson(json: string): string {
  const inert = json.replaceAll('##[', '##\\u005b')
  return inert.replaceAll(ACTIVE, (character) => {
    if (character === '\n') return character
    const units = Array.from({ length: character.length }, (_, index) =>
      character.charCodeAt(index),
    )
    return units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('')
  })
}

/** Escaped, in quotes, and cut after `limit` characters; `…` says that it was cut. */
export function quote(data: string, limit = 80): string {
  return `"${shorten(data, limit)}"`
}

/** Escaped and cut after `limit` characters; `…` says that it was cut. */
export function shorten(data: string, limit: number): string {
  // No character takes more than two units, so that the rest of a long text cannot matter.
  const escaped = escapeText(data.slice(0, 2 * (limit + 1)))
  if (escaped.length <= limit) return escaped
  const characters = [...escaped]
  return characters.length > limit
    ? `${characters.slice(0, limit - 1).join('')}…`
    : characters.join('')
}

/** A CI runner takes `::` at the start of a line, and `##[` anywhere, as a command. */
export function escapeLineStart(line: string): string {
  return line.replace(/^(\s*)::/, '$1\u2024::').replaceAll('##[', '##\u2024[')
}
