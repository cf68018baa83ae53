import pc from 'picocolors'
import { ConfigError, TidegateError } from '../errors.ts'
import { escapeJson, escapeLineStart, escapeText } from '../report/escape.ts'
import { Redactor } from './redactor.ts'

export interface Stream {
  write(text: string): unknown
  readonly isTTY?: boolean | undefined
  readonly columns?: number | undefined
}

export interface OutputOptions {
  readonly stdout: Stream
  readonly stderr: Stream
  readonly env: Readonly<Record<string, string | undefined>>
}

export const VERBOSITIES = ['quiet', 'normal', 'verbose'] as const

/**
 * The one place where text leaves the process. Data goes to stdout, everything else to stderr;
 * every line passes the redactor, and none can start a CI runner's command.
 */
export class Output {
  readonly redactor = new Redactor()
  readonly #options: OutputOptions
  json = false
  verbosity: (typeof VERBOSITIES)[number] = 'normal'

  constructor(options: OutputOptions) {
    this.#options = options
  }

  /** Columns for tables on stdout. */
  get width(): number {
    const { isTTY, columns } = this.#options.stdout
    return isTTY && columns ? columns : Number.POSITIVE_INFINITY
  }

  /** The result for people; nothing with `--json`. */
  text(text: string): void {
    if (!this.json) this.#write(this.#options.stdout, text)
  }

  /** The result for programs; nothing without `--json`. */
  data(value: object): void {
    if (this.json) this.#write(this.#options.stdout, escapeJson(JSON.stringify(value, null, 2)))
  }

  /** A whole document of another format, which escapes what its readers act on by itself. */
  document(text: string): void {
    this.#options.stdout.write(`${this.redactor.redact(text).replace(/\n$/, '')}\n`)
  }

  /** What a CI runner shall act on. It reads stderr too, where no data is. */
  commands(lines: readonly string[]): void {
    for (const line of lines) this.#options.stderr.write(`${this.redactor.redact(line)}\n`)
  }

  /** Whether text on stdout may be coloured. */
  get colors(): boolean {
    return this.#isColored(this.#options.stdout)
  }

  /** Progress. */
  note(text: string): void {
    if (this.verbosity !== 'quiet') this.#write(this.#options.stderr, text)
  }

  detail(text: string): void {
    if (this.verbosity === 'verbose') this.#write(this.#options.stderr, text)
  }

  warn(text: string): void {
    this.#write(this.#options.stderr, `${this.#colors.yellow('warning')}: ${escapeText(text)}`)
  }

  /** With `--json` the error is the document on stdout. */
  error(error: unknown): void {
    const described = describeError(error)
    if (this.json) {
      this.data({ error: described })
      return
    }
    const lines = described.message.split('\n').map(escapeText)
    this.#write(this.#options.stderr, `${this.#colors.red('error')}: ${lines.join('\n')}`)
    if (described.nextStep !== null) {
      this.#write(
        this.#options.stderr,
        `${this.#colors.bold('next')}: ${escapeText(described.nextStep)}`,
      )
    }
  }

  get #colors() {
    return pc.createColors(this.#isColored(this.#options.stderr))
  }

  #isColored({ isTTY }: Stream): boolean {
    const { env } = this.#options
    const isForced = Boolean(env['FORCE_COLOR']) && env['FORCE_COLOR'] !== '0'
    const isTerminal = Boolean(isTTY) && env['TERM'] !== 'dumb'
    return !env['NO_COLOR'] && (isForced || isTerminal)
  }

  #write(stream: Stream, text: string): void {
    const lines = this.redactor.redact(text).split('\n').map(escapeLineStart)
    stream.write(`${lines.join('\n')}\n`)
  }
}

export interface DescribedError {
  readonly code: string
  readonly message: string
  readonly nextStep: string | null
  readonly details: Readonly<Record<string, unknown>>
}

/** An error that is not ours may quote anything, so only its kind is told. */
export function describeError(error: unknown): DescribedError {
  if (error instanceof TidegateError) {
    const { code, message, nextStep = null, details } = error
    return {
      code,
      message,
      nextStep,
      details: error instanceof ConfigError ? { faults: error.faults } : details,
    }
  }
  const kind = error instanceof Error ? error.name : typeof error
  return {
    code: 'internal',
    message: `an unexpected ${kind}${placeOf(error)}`,
    nextStep: 'please report it together with the command',
    details: {},
  }
}

/** Where in tidegate it was thrown: the first frame, never the message. */
function placeOf(error: unknown): string {
  const frame =
    error instanceof Error ? /\n\s+at .*?([\w-]+\.[jt]s):(\d+)/.exec(error.stack ?? '') : null
  return frame === null ? '' : ` at ${frame[1]}:${frame[2]}`
}
