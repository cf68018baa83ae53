import type { ConfigFault } from '../errors.ts'
import { GATEWAYS, type EnvironmentConfig, type TidegateConfig } from './define.ts'
import { DURATION_FORMS, parseDuration } from './duration.ts'
import { ENVIRONMENT_NAME_RULE, isEnvironmentName } from './environment-name.ts'
import { describeBadLine, describeBadText } from './text-rules.ts'

/** What is wrong with the value of a setting, or null. Never quotes the value. */
type Check = (text: string) => string | null

const checkDuration: Check = (text) =>
  parseDuration(text) === null ? `it is no duration: write ${DURATION_FORMS}` : null

const checkPath: Check = (text) => {
  const bad = describeBadLine(text)
  return bad === null ? null : `the path ${bad}`
}

type NumberKey = 'restorePoints' | 'journalRuns' | 'journalDays'

type FileOnlyKey = 'environments' | 'compareTables' | 'afterApply' | 'secrets' | NumberKey

/** With the least value that makes sense. */
const NUMBERS: Readonly<Record<NumberKey, number>> = {
  restorePoints: 0,
  journalRuns: 1,
  journalDays: 1,
}

/** The settings that are one text, in the file, in a variable and as a flag alike. */
export const SETTING_CHECKS = {
  environment: (text) => (isEnvironmentName(text) ? null : ENVIRONMENT_NAME_RULE),
  gateway: (text) =>
    GATEWAYS.some((name) => name === text) ? null : `it must be one of ${GATEWAYS.join(', ')}`,
  migrations: checkPath,
  seeds: checkPath,
  accepted: checkPath,
  wait: checkDuration,
  lockTimeout: checkDuration,
  statementTimeout: checkDuration,
  connectTimeout: (text) =>
    parseDuration(text) === 0 ? 'it must be longer than 0' : checkDuration(text),
} as const satisfies Record<Exclude<keyof TidegateConfig, FileOnlyKey>, Check>

export type SettingKey = keyof typeof SETTING_CHECKS

const CONFIG_KEYS: readonly string[] = [
  ...Object.keys(SETTING_CHECKS),
  'compareTables',
  'afterApply',
  'secrets',
  ...Object.keys(NUMBERS),
  'environments',
]

const ENVIRONMENT_KEYS: readonly (keyof EnvironmentConfig)[] = ['url', 'sqlitePath']

export interface CheckedConfig {
  /** All that has the right type, also what a fault is about; not to be used with one. */
  readonly config: TidegateConfig
  readonly faults: readonly ConfigFault[]
}

type Plain = Readonly<Record<string, unknown>>

/** Checks what a configuration file exports, key by key; `file` names it in faults. */
export function checkConfig(value: unknown, file: string): CheckedConfig {
  if (!isPlainObject(value)) {
    const problem = 'its default export must be a plain object: export default defineConfig({ … })'
    return { config: {}, faults: [{ source: file, problem }] }
  }
  const { environments, compareTables, afterApply, secrets, ...settings } = value
  const faults = [
    ...findUnknownKeys(value, CONFIG_KEYS, file),
    ...Object.keys(SETTING_CHECKS).flatMap((key) =>
      checkSetting(settings, key as SettingKey, file),
    ),
    ...checkTables(compareTables, `${file} compareTables`),
    ...checkCommand(afterApply, `${file} afterApply`),
    ...checkReferences(secrets, `${file} secrets`),
    ...Object.entries(NUMBERS).flatMap(([key, least]) =>
      checkNumber(settings[key], least, `${file} ${key}`),
    ),
    ...(environments === undefined ? [] : checkEnvironments(environments, `${file} environments`)),
  ]
  const known = Object.keys(SETTING_CHECKS).filter((key) => typeof settings[key] === 'string')
  const config = Object.fromEntries(known.map((key) => [key, settings[key]]))
  const tables = areTables(compareTables) ? { compareTables } : {}
  const command = typeof afterApply === 'string' ? { afterApply } : {}
  const numbers = Object.fromEntries(
    Object.keys(NUMBERS)
      .filter((key) => typeof settings[key] === 'number')
      .map((key) => [key, settings[key]]),
  )
  const references = areReferences(secrets) ? { secrets } : {}
  return {
    config: {
      ...config,
      ...numbers,
      ...tables,
      ...command,
      ...references,
      environments: readEnvironments(environments),
    },
    faults,
  }
}

function checkCommand(value: unknown, source: string): ConfigFault[] {
  if (value === undefined) return []
  if (typeof value !== 'string') return [{ source, problem: 'it must be a text' }]
  const bad = value === '' ? 'is empty' : describeBadText(value)
  return bad === null ? [] : [{ source, problem: `the command ${bad}` }]
}

function checkNumber(value: unknown, least: number, source: string): ConfigFault[] {
  const isRight = value === undefined || (Number.isSafeInteger(value) && Number(value) >= least)
  return isRight ? [] : [{ source, problem: `it must be a whole number, ${least} or more` }]
}

const REFERENCE = /^(?:env:[A-Za-z_]\w*|file:.+)$/

function checkReferences(value: unknown, source: string): ConfigFault[] {
  if (value === undefined || areReferences(value)) return []
  const problem = 'it must give each row, such as channels/NAME, `env:VARIABLE` or `file:PATH`'
  return [{ source, problem }]
}

function areReferences(value: unknown): value is Readonly<Record<string, string>> {
  const isReference = (one: unknown) => typeof one === 'string' && REFERENCE.test(one)
  return isPlainObject(value) && Object.values(value).every(isReference)
}

function checkTables(value: unknown, source: string): ConfigFault[] {
  if (value === undefined || areTables(value)) return []
  return [{ source, problem: 'it must be a list of names of tables' }]
}

function areTables(value: unknown): value is readonly string[] {
  const isTable = (name: unknown) => typeof name === 'string' && /^[A-Za-z_]\w{0,62}$/.test(name)
  return Array.isArray(value) && value.every(isTable)
}

function isPlainObject(value: unknown): value is Plain {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

function findUnknownKeys(value: Plain, known: readonly string[], source: string): ConfigFault[] {
  const unknown = Object.keys(value).filter((key) => !known.includes(key))
  return unknown.map((key) => {
    const problem = `${nameKey(key)} is not known; known are ${known.join(', ')}`
    return { source, problem }
  })
}

function nameKey(key: string): string {
  return /^[A-Za-z_][\w-]{0,40}$/.test(key) ? `the key ${key}` : 'a key'
}

function checkSetting(settings: Plain, key: SettingKey, file: string): ConfigFault[] {
  const value = settings[key]
  if (value === undefined) return []
  const problem = typeof value === 'string' ? SETTING_CHECKS[key](value) : 'it must be a text'
  return problem === null ? [] : [{ source: `${file} ${key}`, problem }]
}

function checkEnvironments(value: unknown, source: string): ConfigFault[] {
  if (!isPlainObject(value)) return [{ source, problem: 'it must be a plain object' }]
  return Object.entries(value).flatMap(([name, environment]) => {
    // Of the names that would reach a prototype, the rule leaves `constructor` and `prototype`.
    if (!isEnvironmentName(name) || name === 'constructor' || name === 'prototype') {
      return [{ source, problem: `${nameKey(name)} is no name: ${ENVIRONMENT_NAME_RULE}` }]
    }
    return checkEnvironment(environment, `${source}.${name}`)
  })
}

function checkEnvironment(value: unknown, source: string): ConfigFault[] {
  if (!isPlainObject(value)) return [{ source, problem: 'it must be a plain object' }]
  const isText = (key: string) => value[key] === undefined || typeof value[key] === 'string'
  return [
    ...findUnknownKeys(value, ENVIRONMENT_KEYS, source),
    ...ENVIRONMENT_KEYS.filter((key) => !isText(key)).map((key) => {
      return { source: `${source}.${key}`, problem: 'it must be a text' }
    }),
  ]
}

function readEnvironments(value: unknown): Readonly<Record<string, EnvironmentConfig>> {
  const environments: Record<string, EnvironmentConfig> = Object.create(null)
  for (const [name, environment] of Object.entries(isPlainObject(value) ? value : {})) {
    if (!isPlainObject(environment)) continue
    const { url, sqlitePath } = environment
    environments[name] = {
      ...(typeof url === 'string' ? { url } : {}),
      ...(typeof sqlitePath === 'string' ? { sqlitePath } : {}),
    }
  }
  return environments
}
