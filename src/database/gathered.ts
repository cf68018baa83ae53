import type { GatheredRows } from './contract.ts'

/** Stands between the texts of a list. */
export const LIST_SEPARATOR = '\u001E'

/**
 * Whether these are lists of so many texts. A database puts one more separator where a text should
 * be and is none, so that nothing else comes to this number of separators.
 */
export function areLists(texts: readonly string[], rows: number): boolean {
  return texts.every((text) => countSeparators(text) === rows - 1)
}

function countSeparators(text: string): number {
  let count = 0
  for (let at = text.indexOf(LIST_SEPARATOR); at !== -1; count += 1) {
    at = text.indexOf(LIST_SEPARATOR, at + 1)
  }
  return count
}

/** @param common null where it cannot be told */
export function gathered(
  key: string,
  rows: number,
  common: readonly string[] | null,
  listed: readonly string[],
): GatheredRows {
  const isTold = common !== null && areLists(listed, rows)
  return { key, rows, told: isTold ? { common, listed } : null }
}
