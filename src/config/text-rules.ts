/**
 * What is wrong with a value from outside, as the end of a sentence that starts with its name;
 * null when nothing is. Never quotes the value.
 */
export function describeBadText(text: string): string | null {
  if (text.includes('\0')) return 'holds a NUL character'
  if (!text.isWellFormed()) return 'is not valid Unicode'
  if (text !== text.trim()) return 'starts or ends with whitespace or a line break'
  return null
}

/** The same for a value of one line, such as a path or a name: no control characters at all. */
export function describeBadLine(text: string): string | null {
  if (text === '') return 'is empty'
  return describeBadText(text) ?? (hasControl(text) ? 'holds a control character' : null)
}

/** Whether the text holds a control character: NUL, line breaks, tabs, escapes. */
export function hasControl(text: string): boolean {
  return /\p{Cc}/u.test(text)
}

/** Percent-decodes once; null for a stray `%` and for escapes that are not UTF-8. */
export function percentDecode(text: string): string | null {
  try {
    return decodeURIComponent(text)
  } catch {
    return null
  }
}
