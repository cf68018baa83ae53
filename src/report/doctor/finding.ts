import type { Check, Diagnosis, Evidence, Finding, Pair } from '../../doctor/diagnosis.ts'
import { RULES } from '../../doctor/rule-table.ts'
import type { CacheMode } from '../../gateway/routing.ts'
import type { DoctorTexts } from '../../language/catalogue.ts'
import type { DoctorWords } from '../../language/doctor-words.ts'
import { escapeText } from '../escape.ts'
import { joinPhrases, lined, named, type Phrase, type Shown, valued } from '../phrase.ts'
import { factsPhrase, listed, sentence } from './sentences.ts'

/** Characters of a command or a statement that are shown. */
const COMMAND_LIMIT = 1_000

/** How much of each finding is shown. */
export interface FindingLimits {
  readonly evidence: number
  readonly pairs: number
}

/** What a finding says, in the order in which it is read. */
export interface FindingPhrases {
  readonly title: string
  /** What happens, where it matters, and the rows that prove it. */
  readonly body: readonly Phrase[]
  readonly advice: Phrase
  readonly commands: readonly Runnable[]
  /** Where the gateway decides it, and what else is explained by it. */
  readonly notes: readonly Phrase[]
}

/** Something to copy and run. */
export interface Runnable {
  readonly kind: 'command' | 'sql'
  readonly shown: Shown
  /** Whether it is shown as it is: nothing cut, nothing escaped. */
  readonly isExact: boolean
}

export function findingPhrases(
  finding: Finding,
  diagnosis: Pick<Diagnosis, 'modes'>,
  { rules, ui }: DoctorTexts,
  limits: FindingLimits,
): FindingPhrases {
  const { title, explanation, advice } = rules[finding.rule]
  const { source } = RULES[finding.rule]
  const { explains, facts } = finding
  return {
    title,
    body: [
      factsPhrase(explanation, facts),
      ...modesPhrases(finding.modes, diagnosis.modes, ui),
      ...pairsPhrases(finding.pairs, ui, limits.pairs),
      ...evidencePhrases(finding, ui, limits.evidence),
    ],
    advice: sentence(ui.repairs[finding.repair.kind], { advice: factsPhrase(advice, facts) }),
    commands: runnables(finding),
    notes: [
      ...(explains.length === 0
        ? []
        : [sentence(ui.finding.explains, { rules: [explains.join(', ')] })]),
      ...(source === null ? [] : [sentence(ui.finding.source, { source: [source] })]),
    ],
  }
}

/** Names of cache modes; '' when all that were evaluated are meant. */
function modesPhrases(
  modes: readonly CacheMode[],
  evaluated: readonly CacheMode[],
  { modes: names, finding }: DoctorWords,
): Phrase[] {
  if (modes.length === 0 || evaluated.every((mode) => modes.includes(mode))) return []
  const mode = modes.map((one) => names[one]).join(', ')
  return [sentence(finding.onlyIn, { mode: [mode] })]
}

function pairsPhrases(pairs: readonly Pair[], { finding }: DoctorWords, limit: number): Phrase[] {
  if (pairs.length === 0) return []
  const items = pairs.map(({ group, model }) => [named(group), ' × ', named(model)])
  return [sentence(finding.pairs, { pairs: listed(items, limit, finding.more) })]
}

function evidencePhrases(
  { evidence, rows }: Finding,
  { finding }: DoctorWords,
  limit: number,
): Phrase[] {
  const shown = evidence.slice(0, limit)
  const more = sentence(finding.moreRows, { rows, shown: shown.length })
  return [...shown.map(evidencePhrase), ...(rows > shown.length ? [more] : [])]
}

/** `channels 8 "Bltcy旧网关": status "1", group ",default,"`. */
function evidencePhrase({ table, row, label, cells }: Evidence): Phrase {
  const name: Phrase = label === null ? [] : [' ', valued(label)]
  const values = cells.map(({ column, value }) => [named(column), ' ', valued(value)])
  const list: Phrase = values.length === 0 ? [] : [': ', ...joinPhrases(values, ', ')]
  return [named(table), ' ', named(row), ...name, ...list]
}

function runnables({ repair }: Finding): Runnable[] {
  if (repair.kind === 'advice') return []
  if (repair.kind === 'command') return [runnable('command', repair.command)]
  return repair.statements.map((statement) => runnable('sql', `${statement};`))
}

function runnable(kind: Runnable['kind'], text: string): Runnable {
  const isExact = text.length <= COMMAND_LIMIT && escapeText(text) === text
  return { kind, shown: lined(text), isExact }
}

/** `"Bltcy旧网关": Is base_url set? It is empty. (C4)`, without the sign. */
export function checkPhrase(check: Check, { checks, ui }: DoctorTexts): Phrase {
  const { id, result, subject, facts, rules } = check
  const { title, [result]: answer } = checks[id]
  const about: Phrase = subject === null ? [] : [valued(subject), ui.verdict.colon]
  const said = sentence(ui.check, { title: [title], answer: factsPhrase(answer, facts) })
  return [...about, ...said, rules.length === 0 ? '' : ` (${rules.join(', ')})`]
}
