import { readSecret, readText, type Variables } from '../config/variables.ts'
import type { ConfigFault } from '../errors.ts'
import { Secret } from '../secret.ts'

/** What a seed takes from the environment, by kind. Secrets also come from NAME_FILE. */
export type Input =
  | { readonly kind: 'secret'; readonly variable: string }
  | { readonly kind: 'text'; readonly variable: string; readonly default: string | null }
  | { readonly kind: 'url'; readonly variable: string }
  | { readonly kind: 'integer'; readonly variable: string }

export interface SecretInput {
  readonly kind: 'secret'
  readonly variable: string
}

export interface TextInput {
  readonly kind: 'text'
  readonly variable: string
  readonly default: string | null
}

export interface UrlInput {
  readonly kind: 'url'
  readonly variable: string
}

export interface IntegerInput {
  readonly kind: 'integer'
  readonly variable: string
}

/** A required secret: NAME, or the file that NAME_FILE names. */
export function secret(variable: string): SecretInput {
  return { kind: 'secret', variable }
}

/** A text; required when it has no default. */
export function text(variable: string, options: { readonly default?: string } = {}): TextInput {
  return { kind: 'text', variable, default: options.default ?? null }
}

/** A required `http` or `https` URL without user, password, query and fragment. */
export function url(variable: string): UrlInput {
  return { kind: 'url', variable }
}

/** A whole number from 0 up, or null when the variable is not set. */
export function optionalInteger(variable: string): IntegerInput {
  return { kind: 'integer', variable }
}

export type Inputs = Readonly<Record<string, Input>>

export type ResolvedInput<I extends Input> = I extends { kind: 'secret' }
  ? Secret
  : I extends { kind: 'integer' }
    ? number | null
    : string

export type ResolvedInputs<I extends Inputs> = { readonly [K in keyof I]: ResolvedInput<I[K]> }

export interface InputReading {
  readonly values: Readonly<Record<string, Secret | string | number | null>>
  /** To the variable that each came from. */
  readonly secrets: ReadonlyMap<Secret, string>
  readonly warnings: readonly string[]
  readonly faults: readonly ConfigFault[]
}

/** What to do about an input that is not set: refuse the run, or leave out what depends on it. */
export const MISSING_INPUTS = ['refuse', 'leave-out'] as const

export type MissingInputs = (typeof MISSING_INPUTS)[number]

/** Part of every value that stands for an input that is not set. */
const UNSET = 'tidegate-unset-input'

/** Whether a value was made from an input that is not set. */
export function isUnset(value: Secret | string): boolean {
  return (typeof value === 'string' ? value : value.reveal()).includes(UNSET)
}

/** Reads every input of a seed; all faults at once, none of which says a value. */
export function readInputs(
  inputs: Inputs,
  variables: Variables,
  root: string,
  missing: MissingInputs = 'refuse',
): InputReading {
  const reading = {
    values: {} as Record<string, Secret | string | number | null>,
    secrets: new Map<Secret, string>(),
    warnings: [] as string[],
    faults: [] as ConfigFault[],
  }
  for (const [name, input] of Object.entries(inputs)) {
    const result =
      input.kind === 'secret' ? secretOf(input, variables, root) : plainOf(input, variables)
    if (missing === 'leave-out' && isMissing(input, variables)) {
      reading.values[name] = placeholderOf(input)
      continue
    }
    if ('fault' in result) {
      reading.faults.push(result.fault)
      continue
    }
    reading.values[name] = result.value
    if ('warnings' in result) {
      reading.secrets.set(result.value, input.variable)
      reading.warnings.push(...result.warnings)
    }
  }
  return reading
}

/** Set but empty is missing too: that is how CI hands over a secret that it withholds. */
function isMissing(input: Input, variables: Variables): boolean {
  if (input.kind === 'integer' || (input.kind === 'text' && input.default !== null)) return false
  return !variables[input.variable] && !variables[`${input.variable}_FILE`]
}

function placeholderOf({ kind }: Input): Secret | string {
  if (kind === 'secret') return new Secret(UNSET)
  return kind === 'url' ? `https://${UNSET}.invalid` : UNSET
}

type SecretResult = { value: Secret; warnings: readonly string[] } | { fault: ConfigFault }
type PlainResult = { value: string | number | null } | { fault: ConfigFault }

function secretOf({ variable }: SecretInput, variables: Variables, root: string): SecretResult {
  const reading = readSecret(variables, variable, root)
  if (reading === null) {
    return fault(
      variable,
      `is not set; a seed needs it (or ${variable}_FILE, a file that holds it)`,
    )
  }
  if ('fault' in reading) return reading
  return { value: reading.secret, warnings: reading.warnings }
}

function plainOf(input: Exclude<Input, SecretInput>, variables: Variables): PlainResult {
  const reading = readText(variables, input.variable)
  if (reading !== null && 'fault' in reading) return reading
  if (reading !== null) return checkPlain(input, reading.text)
  if (input.kind === 'integer') return { value: null }
  if (input.kind === 'text' && input.default !== null) return { value: input.default }
  return fault(input.variable, 'is not set; a seed needs it')
}

function checkPlain(input: Exclude<Input, SecretInput>, value: string): PlainResult {
  if (input.kind === 'url') return checkUrl(input.variable, value)
  if (input.kind === 'text') return { value }
  if (/^(?:0|[1-9]\d{0,8})$/.test(value)) return { value: Number(value) }
  return fault(input.variable, 'must be a whole number such as 55')
}

function checkUrl(variable: string, value: string): PlainResult {
  const parsed = URL.canParse(value) ? new URL(value) : null
  if (parsed === null || !/^https?:\/\//.test(value)) {
    return fault(variable, 'must be a URL that starts with http:// or https://')
  }
  if (parsed.username !== '' || parsed.password !== '') {
    return fault(variable, 'must not carry a user or a password')
  }
  if (parsed.search !== '' || parsed.hash !== '') {
    return fault(variable, 'must end before any ? or #: the gateway appends its own paths')
  }
  if (!/^(?:[a-z0-9._-]+|\[[0-9a-f:.]+\])$/i.test(parsed.hostname)) {
    return fault(variable, 'has a host name that no resolver accepts')
  }
  return { value }
}

function fault(source: string, problem: string): { fault: ConfigFault } {
  return { fault: { source, problem } }
}
