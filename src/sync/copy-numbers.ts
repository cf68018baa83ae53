import type { NumberLimits } from './copy-limits.ts'

interface Decimal {
  readonly sign: string
  /** Without zeros at either end; '' for zero. */
  readonly digits: string
  /** Of the digit after the last one. */
  readonly exponent: number
}

/** Null when the text is no finite number. */
function parseDecimal(text: string): Decimal | null {
  const match = /^([+-]?)(\d*)(?:\.(\d*))?(?:e([+-]?\d+))?$/i.exec(text)
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = match ?? []
  const all = whole + fraction
  if (all === '') return null
  const digits = all.replace(/0+$/, '')
  const trimmed = digits.replace(/^0+/, '')
  const end = Number(exponent) - fraction.length + (all.length - digits.length)
  return trimmed === ''
    ? { sign: '', digits: '', exponent: 0 }
    : { sign: sign === '-' ? '-' : '', digits: trimmed, exponent: end }
}

/** Why a decimal would not come back as it is; null when it does. */
export function numberMisfit(text: string, limits: NumberLimits): string | null {
  const decimal = parseDecimal(text)
  if (decimal === null) return 'is no finite number'
  if (limits === 'exact') return null
  if (typeof limits === 'object') return digitsMisfit(decimal, limits)
  const kept = limits === 'single' ? shortestSingle(Number(text)) : Number(text)
  const back = parseDecimal(String(kept))
  const isKept =
    back?.sign === decimal.sign &&
    back.digits === decimal.digits &&
    back.exponent === decimal.exponent
  return isKept ? null : 'has more digits than the column keeps'
}

function digitsMisfit(
  { digits, exponent }: Decimal,
  { precision, scale }: Exclude<NumberLimits, string>,
): string | null {
  if (-exponent > scale) return `has more than ${scale} digits after the point`
  return digits.length + exponent > precision - scale ? 'is too large for the column' : null
}

/** The shortest decimal that names the single-precision number nearest to the value. */
function shortestSingle(value: number): number {
  const single = Math.fround(value)
  for (let digits = 1; digits < 9; digits += 1) {
    const short = Number(single.toPrecision(digits))
    if (Math.fround(short) === single) return short
  }
  return Number(single.toPrecision(9))
}
