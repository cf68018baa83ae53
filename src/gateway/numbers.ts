const INTEGER = /^[+-]?\d+$/
const DECIMAL = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i

/** Decimal text of an integer of any size; text that is not one stays as it is. */
export function canonicalInteger(text: string): string {
  if (INTEGER.test(text)) return BigInt(text).toString()
  return isIntegral(text) ? BigInt(Number(text)).toString() : text
}

/** Shortest decimal of a double; text that is not a finite number stays as it is. */
export function canonicalNumber(text: string): string {
  if (!DECIMAL.test(text)) return text
  const value = Number(text)
  return Number.isFinite(value) ? String(value) : text
}

/** Whether the text is a number without a fraction, such as 5, 5.0 or 1e3. */
export function isIntegral(text: string): boolean {
  return DECIMAL.test(text) && Number.isInteger(Number(text))
}
