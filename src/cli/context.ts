import type { Run } from '../apply/run.ts'
import { loadSettings, type Settings } from '../config/settings.ts'
import type { LockHolder, LockOptions, Target } from '../database/contract.ts'
import type { Language } from '../language/language.ts'
import { escapeText, quote } from '../report/escape.ts'
import { EXIT_CODES, type ExitCode } from './exit-codes.ts'
import { readJournalKey } from './journal-key.ts'
import type { Output } from './output.ts'
import { folderOrShipped } from './shipped.ts'
import { VERSION } from './version.ts'

/** Where questions are asked. */
export interface Terminal {
  readonly input: NodeJS.ReadStream
  readonly output: NodeJS.WriteStream
}

/** What `main` takes from the process, so that nothing else has to. */
export interface Host {
  readonly cwd: string
  readonly env: Readonly<Record<string, string | undefined>>
  readonly output: Output
  /** Opened by the first call. */
  readonly stdin?: () => AsyncIterable<Uint8Array>
  /** A person who can be asked; absent in CI and where input or output is no terminal. */
  readonly terminal?: Terminal
  /** From the first call on, SIGINT and SIGTERM fire it instead of ending the process. */
  readonly stopSignal?: () => AbortSignal
}

/** What a command takes from the program around it. */
export interface Program extends Host {
  /** First words of every command that this version has. */
  readonly commands: ReadonlySet<string>
  /** Of what people read. */
  readonly language: Language
  /** Whether the command runs for one environment of several. */
  readonly visits?: true
}

/** Flags as yargs gives them; each command declares those it understands. */
export interface Arguments {
  readonly [name: string]: unknown
}

/** With what protects the journal of a run; see `readJournalKey`. */
export type RunSettings = Settings & Pick<Run, 'journalKey'>

/** One invocation: what a command needs to run and to answer. */
export class Context {
  readonly output: Output
  readonly #program: Program
  readonly #args: Arguments
  exitCode: ExitCode = EXIT_CODES.ok

  constructor(program: Program, args: Arguments) {
    this.#program = program
    this.#args = args
    this.output = program.output
  }

  /** Where the command was started: relative paths of flags start here. */
  get cwd(): string {
    return this.#program.cwd
  }

  get commands(): ReadonlySet<string> {
    return this.#program.commands
  }

  get language(): Language {
    return this.#program.language
  }

  get env(): Host['env'] {
    return this.#program.env
  }

  /** Empty where the program was given none. */
  stdin(): AsyncIterable<Uint8Array> {
    return this.#program.stdin?.() ?? nothing()
  }

  /** Null where nobody can be asked. */
  get terminal(): Terminal | null {
    return this.#program.terminal ?? null
  }

  /** Fires when the command shall come to its end; never where nobody can ask for that. */
  stopSignal(): AbortSignal {
    return this.#program.stopSignal?.() ?? new AbortController().signal
  }

  string(name: string): string | undefined {
    const value = this.#args[name]
    return typeof value === 'string' ? value : undefined
  }

  number(name: string): number | undefined {
    const value = this.#args[name]
    return typeof value === 'number' ? value : undefined
  }

  flag(name: string): boolean {
    return this.#args[name] === true
  }

  strings(name: string): string[] {
    const value = this.#args[name]
    return Array.isArray(value) ? value.map(String) : []
  }

  /** Reads the configuration; from here on its secrets cannot be printed. */
  async settings(): Promise<RunSettings> {
    const flags = {
      env: this.string('env'),
      config: this.string('config'),
      wait: this.string('wait'),
      lockTimeout: this.string('lock-timeout'),
    }
    const { cwd, env, visits = false } = this.#program
    const settings = await loadSettings({ cwd, env, flags, visits })
    this.output.redactor.add(settings.secrets)
    for (const warning of settings.warnings) this.output.warn(warning)
    const { root, migrationsFolder, seedsFolder } = settings
    return {
      ...settings,
      ...readJournalKey(this.output, settings),
      migrationsFolder: folderOrShipped(root, 'migrations', migrationsFolder),
      seedsFolder: folderOrShipped(root, 'seeds', seedsFolder),
    }
  }

  lock({ lockTimeoutMs }: Settings): LockOptions {
    return {
      timeoutMs: lockTimeoutMs,
      onWait: (holder) => this.output.note(`waiting for the lock${describeHolder(holder)} …`),
    }
  }
}

export function describeHolder(holder: LockHolder | null): string {
  if (holder === null) return ''
  const client = holder.client === null ? '' : ` from ${quote(holder.client)}`
  return `, held by process ${holder.processId} (${quote(holder.applicationName)}${client}) for ${Math.round(holder.ageSeconds)} s`
}

/** Where a run is connected to, for people: `postgres gateway@db:5432/gateway, TLS verified`. */
export function describeTarget(target: Target): string {
  const tls = target.dialect === 'postgres' ? `, TLS ${target.tls}` : ''
  return `${target.dialect} ${escapeText(target.label)}${tls}`
}

export function runFacts(
  { environment, journalKey }: RunSettings,
  command: string,
): Omit<Run, 'id' | 'startedAt'> {
  const key = journalKey === undefined ? {} : { journalKey }
  return { command, environment, toolVersion: VERSION, ...key }
}

async function* nothing(): AsyncGenerator<Uint8Array> {}
