import { resolve } from 'node:path'
import type { ConfigFault } from '../errors.ts'
import { SETTING_CHECKS, type SettingKey } from './config-shape.ts'
import type { GatewayName, TidegateConfig } from './define.ts'
import { parseDuration } from './duration.ts'
import type { Variables } from './variables.ts'

/** What the command line says; absent and undefined are the same. */
export interface Flags {
  readonly env?: string | undefined
  readonly config?: string | undefined
  readonly gateway?: string | undefined
  readonly migrations?: string | undefined
  readonly seeds?: string | undefined
  readonly accepted?: string | undefined
  readonly wait?: string | undefined
  readonly lockTimeout?: string | undefined
  readonly statementTimeout?: string | undefined
  readonly connectTimeout?: string | undefined
}

/** Where settings come from, the strongest first; defaults come after the file. */
export interface Layers {
  readonly flags: Flags
  readonly variables: Variables
  readonly config: TidegateConfig
}

/** Everything but the database. */
export interface Choices {
  readonly environment: string
  readonly gateway: GatewayName
  /** Absolute. */
  readonly migrationsFolder: string
  /** Absolute. */
  readonly seedsFolder: string
  /** Absolute. */
  readonly acceptedFile: string
  readonly compareTables: readonly string[]
  /** A shell command; null when there is none. Only the file says it. */
  readonly afterApply: string | null
  /** Row to reference, as the file says it. */
  readonly secretReferences: Readonly<Record<string, string>>
  readonly restorePoints: number
  readonly journalRuns: number
  readonly journalDays: number
  readonly waitMs: number
  readonly lockTimeoutMs: number
  readonly statementTimeoutMs: number
  readonly connectTimeoutMs: number
}

interface Names {
  readonly flag: Exclude<keyof Flags, 'config'>
  readonly shownFlag: string
  readonly variable: string
  readonly fallback: string
}

const NAMES: Readonly<Record<SettingKey, Names>> = {
  environment: names('env', 'env', 'TIDEGATE_ENV', 'local'),
  gateway: names('gateway', 'gateway', 'TIDEGATE_GATEWAY', 'new-api'),
  migrations: names('migrations', 'migrations', 'TIDEGATE_MIGRATIONS', './migrations'),
  seeds: names('seeds', 'seeds', 'TIDEGATE_SEEDS', './seeds'),
  accepted: names('accepted', 'accepted', 'TIDEGATE_ACCEPTED', './drift-accepted.json'),
  wait: names('wait', 'wait', 'TIDEGATE_WAIT', '60s'),
  lockTimeout: names('lockTimeout', 'lock-timeout', 'TIDEGATE_LOCK_TIMEOUT', '120s'),
  statementTimeout: names(
    'statementTimeout',
    'statement-timeout',
    'TIDEGATE_STATEMENT_TIMEOUT',
    '60s',
  ),
  connectTimeout: names('connectTimeout', 'connect-timeout', 'TIDEGATE_CONNECT_TIMEOUT', '10s'),
}

function names(flag: Names['flag'], shown: string, variable: string, fallback: string): Names {
  return { flag, shownFlag: `--${shown}`, variable, fallback }
}

/**
 * Takes each setting from the strongest layer that has it. Faults name the flag or variable; with
 * one, the choices are not to be used.
 */
export function chooseSettings(
  layers: Layers,
  root: string,
): { readonly choices: Choices; readonly faults: readonly ConfigFault[] } {
  const faults: ConfigFault[] = []
  const text = (key: SettingKey) => chooseText(key, layers, faults)
  const milliseconds = (key: SettingKey) => parseDuration(text(key)) ?? 0
  const choices: Choices = {
    environment: text('environment'),
    gateway: text('gateway') as GatewayName,
    migrationsFolder: resolve(root, text('migrations')),
    seedsFolder: resolve(root, text('seeds')),
    acceptedFile: resolve(root, text('accepted')),
    compareTables: layers.config.compareTables ?? [],
    afterApply: layers.config.afterApply ?? null,
    secretReferences: layers.config.secrets ?? {},
    restorePoints: layers.config.restorePoints ?? 5,
    journalRuns: layers.config.journalRuns ?? 100,
    journalDays: layers.config.journalDays ?? 90,
    waitMs: milliseconds('wait'),
    lockTimeoutMs: milliseconds('lockTimeout'),
    statementTimeoutMs: milliseconds('statementTimeout'),
    connectTimeoutMs: milliseconds('connectTimeout'),
  }
  return { choices, faults }
}

function chooseText(key: SettingKey, layers: Layers, faults: ConfigFault[]): string {
  const { flag, shownFlag, variable, fallback } = NAMES[key]
  const { flags, variables, config } = layers
  // An empty flag was typed and is a fault; an empty variable is how a shell says "none".
  const stated = flags[flag] ?? (variables[variable] || undefined)
  // The file was checked, with every other part of it, when it was loaded.
  if (stated === undefined) return config[key] ?? fallback
  const problem = SETTING_CHECKS[key](stated)
  const source = flags[flag] === undefined ? variable : shownFlag
  if (problem !== null) faults.push({ source, problem })
  return stated
}
