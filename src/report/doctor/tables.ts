import type { Diagnosis, Route } from '../../doctor/diagnosis.ts'
import type { CacheMode } from '../../gateway/routing.ts'
import type { DoctorWords } from '../../language/doctor-words.ts'
import { joinPhrases, named, type Phrase } from '../phrase.ts'
import { groupPhrase } from './names.ts'
import { listed, sentence } from './sentences.ts'
import { routeSign, SIGNS } from './signs.ts'

/** Groups × models of the cache modes that fare alike; what is served everywhere is left out. */
export interface RouteTable {
  readonly modes: readonly CacheMode[]
  readonly models: readonly string[]
  readonly rows: readonly {
    /** Null when it could not be told. */
    readonly group: string | null
    /** Signs, in the order of the models. */
    readonly cells: readonly string[]
  }[]
  /** Those of the whole table. */
  readonly pairs: number
}

/** [] when every request is served. */
export function routeTables({ routes }: Diagnosis, words: DoctorWords): RouteTable[] {
  const models = [...new Set(routes.map(({ model }) => model))]
  const byMode = Map.groupBy(routes, ({ mode }) => mode)
  const tables = [...byMode].map(([mode, ofMode]) => tableOf(mode, ofMode, models, words))
  if (tables.every(({ rows }) => rows.length === 0)) return []
  const alike = Map.groupBy(tables, ({ models, rows }) => JSON.stringify([models, rows]))
  return [...alike.values()].map((same) => ({
    ...same[0]!,
    modes: same.flatMap(({ modes }) => modes),
  }))
}

function tableOf(
  mode: CacheMode,
  routes: readonly Route[],
  models: readonly string[],
  words: DoctorWords,
): RouteTable {
  const problems = routes.filter(({ outcome }) => outcome !== 'served')
  const broken = new Set(problems.map(({ model }) => model))
  const groups = new Set(problems.map(({ group }) => group))
  const shown = models.filter((model) => broken.has(model))
  const byGroup = Map.groupBy(routes, ({ group }) => group)
  const rows = [...byGroup.entries()]
    .filter(([group]) => groups.has(group))
    .map(([group, ofGroup]) => {
      const byModel = Map.groupBy(ofGroup, ({ model }) => model)
      const cells = shown.map((model) => routeSign(worstOf(byModel.get(model) ?? []), words))
      return { group, cells }
    })
  return { modes: [mode], models: shown, rows, pairs: countPairs(routes) }
}

const WORST_FIRST = ['crash', 'refused', 'weakened', 'served'] as const

function worstOf(routes: readonly Route[]): Route | null {
  const rank = ({ outcome }: Route): number => WORST_FIRST.indexOf(outcome)
  return routes.toSorted((one, other) => rank(one) - rank(other))[0] ?? null
}

function countPairs(routes: readonly Route[]): number {
  return new Set(routes.map(({ group, model }) => JSON.stringify([group, model]))).size
}

/** Groups that a list has, and models of one sign in each. */
const LISTED = { groups: 40, models: 6 } as const

/** The table as one line for each group, without what is served: `vip: ✗ 503 A1 pika, kling`. */
export function listPhrases({ models, rows }: RouteTable, words: DoctorWords): Phrase[] {
  const rest = rows.length - LISTED.groups
  const lines = rows.slice(0, LISTED.groups).map(({ group, cells }) => {
    const bySign = Map.groupBy(models, (_, column) => cells[column]!)
    const lists = [...bySign]
      .filter(([sign]) => sign !== SIGNS.passed && sign !== SIGNS.unreached)
      .map(([sign, ofSign]) => {
        const names = ofSign.map((model) => [named(model)])
        return [`${sign} `, ...listed(names, LISTED.models, words.finding.more)]
      })
    return [...groupPhrase(group, words), words.verdict.colon, ...joinPhrases(lists, '; ')]
  })
  return rest > 0 ? [...lines, sentence(words.finding.more, { count: rest })] : lines
}
