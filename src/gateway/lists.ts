/** Comma lists as the gateway stores them: models, groups, model limits. */

/** Rows written by hand also separate with the comma of a Chinese keyboard. */
const SEPARATORS = /[,，]/

/** Beyond JavaScript's white space: NEL, which Go trims, and pasted text's zero-width space. */
const BLANK = /[\s\u0085\u200b]/

/** What makes a list other than elements between commas; most have none of it. */
const ODD = /[\s\u0085\u200b，]/

/**
 * Elements exactly as the gateway reads them: split on ',', nothing trimmed, NULL read as '', and
 * '' is one empty element (new-api model/ability.go:146).
 */
export function splitList(text: string | null): string[] {
  return (text ?? '').split(',')
}

/** The elements that were meant: trimmed, none empty, none twice, in order; [] for NULL and ''. */
export function cleanList(text: string | null): string[] {
  if (text !== null && !ODD.test(text)) return [...new Set(text.split(',').filter(Boolean))]
  const elements = (text ?? '').split(SEPARATORS).map(trimBlank)
  return [...new Set(elements.filter((element) => element !== ''))]
}

/** The text that the gateway stores for these elements; '' for none. */
export function joinList(elements: readonly string[]): string {
  return elements.join(',')
}

/**
 * Whether the gateway would read other elements than were meant: blanks, empty or repeated
 * elements, full-width commas. False for NULL and ''.
 */
export function isPadded(text: string | null): boolean {
  return text !== null && text !== '' && joinList(cleanList(text)) !== text
}

function trimBlank(text: string): string {
  let start = 0
  let end = text.length
  while (start < end && BLANK.test(text[start]!)) start++
  while (end > start && BLANK.test(text[end - 1]!)) end--
  return text.slice(start, end)
}
