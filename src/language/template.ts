/** A value in a sentence, raw: whoever renders the sentence escapes and marks it. */
export interface Data {
  readonly data: string
}

const PLACEHOLDER = /\{([A-Za-z]\w*)\}/

/**
 * A template's own text, and data for each `{placeholder}` of it.
 * @throws {Error} for a placeholder without a fact
 */
export function fill(
  template: string,
  facts: Readonly<Record<string, string>>,
): readonly (string | Data)[] {
  const values = Object.entries(facts).map(([name, data]) => [name, { data }] as const)
  return fillWith(template, Object.fromEntries(values))
}

/**
 * The same with values of any kind.
 * @throws {Error} for a placeholder without a value
 */
export function fillWith<T>(
  template: string,
  values: Readonly<Record<string, T>>,
): readonly (string | T)[] {
  return parts(template)
    .map((part, index) => {
      if (index % 2 === 0) return part
      if (!Object.hasOwn(values, part)) throw new Error(`no value for {${part}} in: ${template}`)
      return values[part]!
    })
    .filter((part) => part !== '')
}

/** Names of the placeholders, each once, sorted. */
export function placeholders(template: string): string[] {
  return [...new Set(parts(template).filter((_, index) => index % 2 === 1))].toSorted()
}

/** Text and names in turn. */
function parts(template: string): string[] {
  return template.split(PLACEHOLDER)
}
