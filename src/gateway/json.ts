/** A number of a JSON text, as it was written. */
class NumberLexeme {
  readonly lexeme: string

  constructor(lexeme: string) {
    this.lexeme = lexeme
  }
}

/**
 * JSON text of an object or array with sorted keys, without spaces and with numbers in one
 * spelling; integers keep every digit. `isKept` chooses members of the outermost object. Null when
 * the text is not JSON, too deep, or a scalar: the gateway compares stored scalars as text.
 */
export function canonicalJson(
  text: string,
  isKept: (name: string) => boolean = () => true,
): string | null {
  try {
    const value: unknown = JSON.parse(text, keepLexeme)
    if (!isContainer(value)) return null
    return Array.isArray(value) ? write(value) : writeObject(value, isKept)
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof RangeError) return null
    throw error
  }
}

function keepLexeme(_name: string, value: unknown, context?: { source?: string }): unknown {
  return typeof value === 'number' ? new NumberLexeme(context?.source ?? String(value)) : value
}

function isContainer(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !(value instanceof NumberLexeme)
}

function write(value: unknown): string {
  if (value instanceof NumberLexeme) return writeNumber(value.lexeme)
  if (Array.isArray(value)) return `[${value.map(write).join(',')}]`
  if (isContainer(value)) return writeObject(value, () => true)
  return JSON.stringify(value)
}

function writeObject(value: object, isKept: (name: string) => boolean): string {
  const members = Object.entries(value)
    .filter(([name]) => isKept(name))
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, member]) => `${JSON.stringify(name)}:${write(member)}`)
  return `{${members.join(',')}}`
}

function writeNumber(lexeme: string): string {
  if (/^-?\d+$/.test(lexeme)) return BigInt(lexeme).toString()
  const value = Number(lexeme)
  return Number.isFinite(value) ? String(value) : lexeme
}
