import {
  type Diagnosis,
  type Route,
  ROUTE_STAGES,
  type RouteStage,
} from '../../doctor/diagnosis.ts'
import type { CacheMode } from '../../gateway/routing.ts'
import type { DoctorTexts } from '../../language/catalogue.ts'
import type { DoctorWords } from '../../language/doctor-words.ts'
import { named, type Phrase, valued } from '../phrase.ts'
import { type Tier, tiersOf } from './drawn-tiers.ts'
import { groupPhrase, modeNames } from './names.ts'
import { type StageState, stageState } from './route-stages.ts'
import { counted, listed } from './sentences.ts'

/** More than these are read better as a table. */
const DRAWINGS = 8

/** Models that one drawing names. */
const MODELS = 6

/** Routes that fare alike, drawn once. */
export interface Drawing {
  /** `runway, pika · memory cache off and on`. */
  readonly title: Phrase
  readonly stages: readonly DrawnStage[]
}

export interface DrawnStage {
  readonly state: StageState
  readonly name: string
  readonly value: Phrase
  /** Why it breaks here. */
  readonly reasons: readonly Phrase[]
  readonly tiers: readonly Tier[]
}

/** Drawings for a run that was narrowed; null when it was not, or when there would be too many. */
export function drawingsOf(diagnosis: Diagnosis, texts: DoctorTexts): readonly Drawing[] | null {
  const { path, models, token, user, group } = diagnosis.scope
  const isNarrowed = models.length > 0 || [path, token, user, group].some((one) => one !== null)
  if (!isNarrowed || diagnosis.routes.length === 0) return null
  const alike = alikeRoutes(diagnosis.routes)
  if (alike.length > DRAWINGS) return null
  return alike.map((one) => drawing(one, diagnosis, texts))
}

interface Alike {
  readonly route: Route
  readonly modes: readonly CacheMode[]
  readonly models: readonly string[]
}

/** First the modes of one request are merged, then the models that fare alike in the same modes. */
function alikeRoutes(routes: readonly Route[]): Alike[] {
  const byRequest = Map.groupBy(routes, (route) => JSON.stringify({ ...route, mode: null }))
  const merged = [...byRequest.values()].map((same) => ({
    route: same[0]!,
    modes: same.map(({ mode }) => mode),
  }))
  const byFate = Map.groupBy(merged, ({ route, modes }) =>
    JSON.stringify({ ...route, mode: null, model: null, modes }),
  )
  return [...byFate.values()].map((same) => ({
    ...same[0]!,
    models: same.map(({ route }) => route.model),
  }))
}

function drawing(
  { route, modes, models }: Alike,
  diagnosis: Diagnosis,
  texts: DoctorTexts,
): Drawing {
  const names = listed(
    models.map((model) => [named(model)]),
    MODELS,
    texts.ui.finding.more,
  )
  const stages = ROUTE_STAGES.map((stage) => {
    const state = stageState(route, stage)
    const isReason = state === 'broken' || state === 'weak'
    return {
      state,
      name: texts.ui.stages[stage],
      value: valueAt(stage, route, names, texts.ui),
      reasons: isReason ? reasons(route, texts) : [],
      tiers: stage === 'channel' ? tiersOf(route.tiers, diagnosis, texts.ui) : [],
    }
  })
  return { title: [...names, ' · ', modeNames(modes, diagnosis.modes, texts.ui)], stages }
}

function valueAt(stage: RouteStage, route: Route, models: Phrase, words: DoctorWords): Phrase {
  const { user, group, tiers } = route
  const isWithoutChannel = tiers.length === 0 && stageState(route, stage) !== 'unreached'
  switch (stage) {
    case 'token':
      return tokenPhrase(route, words)
    case 'user':
      return user === null ? [words.route.anyUser] : [named(user)]
    case 'group':
      return groupPhrase(group, words)
    case 'model':
      return models
    case 'channel':
      return isWithoutChannel ? [words.route.noChannel] : []
    case 'price':
      return []
  }
}

function tokenPhrase({ token, tokens }: Route, { route: words }: DoctorWords): Phrase {
  if (token === null) return tokens === 0 ? [words.noTokens] : counted(words.tokens, tokens)
  return [named(token.id), ...(token.name === null ? [] : [' ', valued(token.name)])]
}

/** Which rule breaks it, and what the caller sees. */
function reasons({ rule, status, outcome }: Route, { rules, ui }: DoctorTexts): Phrase[] {
  const why = rule === null ? [] : [[`${rule} ${rules[rule].title}`]]
  if (outcome === 'crash') return [...why, [ui.route.crash]]
  if (status === null) return why
  const said = ui.statuses[String(status) as keyof DoctorWords['statuses']]
  return [...why, [`HTTP ${status}`, ...(said === undefined ? [] : [ui.verdict.colon, said])]]
}
