const FIRST_SURROGATE = 0xd800
const FIRST_AFTER_SURROGATES = 0xe000

/**
 * Order of two well-formed texts by their UTF-8 bytes, which is SQLite's BINARY and PostgreSQL's
 * "C" order: negative, 0 or positive. `<` compares UTF-16 units and differs beyond U+FFFF.
 */
export function compareBytes(a: string, b: string): number {
  const length = Math.min(a.length, b.length)
  for (let index = 0; index < length; index++) {
    const left = a.charCodeAt(index)
    const right = b.charCodeAt(index)
    if (left !== right) return rank(left) - rank(right)
  }
  return a.length - b.length
}

/** Surrogates stand for code points above every other unit's, so they move to the end. */
function rank(unit: number): number {
  return unit >= FIRST_SURROGATE && unit < FIRST_AFTER_SURROGATES ? unit + 0x10000 : unit
}
