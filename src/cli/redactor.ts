import type { Secret } from '../secret.ts'

/** Shorter values occur by chance in ordinary text; blanking them would mangle the output. */
const SHORTEST = 8

const BLANK = '[secret]'

/**
 * The second net: every text that leaves the process is searched for the secrets that it loaded,
 * plain, URL-encoded, in base64 and JSON-escaped. The first net is that nothing hands them out.
 */
export class Redactor {
  readonly #forms = new Set<string>()

  add(secrets: readonly Secret[]): void {
    for (const secret of secrets) {
      const value = secret.reveal()
      if (value.length >= SHORTEST) for (const form of formsOf(value)) this.#forms.add(form)
    }
  }

  redact(text: string): string {
    let result = text
    for (const form of this.#forms) result = result.replaceAll(form, BLANK)
    return result
  }
}

function formsOf(value: string): string[] {
  const bytes = Buffer.from(value, 'utf8')
  return [
    value,
    encodeURIComponent(value),
    bytes.toString('base64'),
    bytes.toString('base64url'),
    JSON.stringify(value).slice(1, -1),
  ].toSorted((a, b) => b.length - a.length)
}
