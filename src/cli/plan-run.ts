import type { Plan } from '../apply/plan.ts'
import { sealPlan, writePlanFile } from '../apply/plan-file.ts'
import { assertShareable } from '../apply/plan-secrets.ts'
import type { Settings } from '../config/settings.ts'
import { TidegateError } from '../errors.ts'
import { escapeJson } from '../report/escape.ts'
import { renderPlanMarkdown } from '../report/plan-markdown.ts'
import { renderPlanText } from '../report/plan-text.ts'
import { planFacts } from '../report/plan.ts'
import { shellWord } from '../shell-word.ts'
import type { Context } from './context.ts'
import { EXIT_CODES } from './exit-codes.ts'
import { type Planned, withDraft } from './plan-input.ts'
import { readPlanKey } from './plan-key.ts'
import { printPlan } from './plan-output.ts'
import { type Destination, destinations, writeReport } from './report-files.ts'
import { VERSION } from './version.ts'

const FORMAT_OF = { '.json': 'plan', '.md': 'markdown', '.txt': 'text' } as const

type FileFormat = (typeof FORMAT_OF)[keyof typeof FORMAT_OF]

/** What `plan` does. Files are written first: with `--json` an error is the only document. */
export async function runPlan(context: Context): Promise<void> {
  const files = destinations<FileFormat>(context, FORMAT_OF, undefined)
  const lifetimeMs = expiry(context.string('expires') ?? '')
  const { planned, settings } = await withDraft(
    context,
    { command: 'push', keeps: true },
    async (draft) => ({ planned: draft.plan(), settings: draft.settings }),
  )
  for (const warning of planned.warnings) context.output.warn(warning)
  const next = nextCommand(context, planned.plan)
  for (const file of files) {
    if (file.format === 'plan') await writePlan(context, settings, planned.plan, file, lifetimeMs)
    else await writeReport(context, file, render(planned, file.format, next))
  }
  const isMarkdown = context.string('format') === 'markdown' && !context.output.json
  if (isMarkdown) context.output.document(render(planned, 'markdown', next))
  else printPlan(context, planned, { command: 'plan', next })
  if (planned.plan.items.length > 0) context.exitCode = EXIT_CODES.found
}

const UNIT_MS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 }

const LONGEST_DAYS = 90

/** Milliseconds of `30m`, `24h` or `7d`. */
function expiry(text: string): number {
  const [, count, unit = ''] = /^([1-9]\d{0,5})([mhd])$/.exec(text) ?? []
  const milliseconds = Number(count) * (UNIT_MS[unit] ?? Number.NaN)
  if (milliseconds <= LONGEST_DAYS * UNIT_MS['d']!) return milliseconds
  throw new TidegateError('usage', `--expires takes a time of at most ${LONGEST_DAYS} days`, {
    nextStep: 'for example: --expires 30m, --expires 24h or --expires 7d',
  })
}

async function writePlan(
  context: Context,
  settings: Settings,
  plan: Plan,
  { path }: Destination<FileFormat>,
  lifetimeMs: number,
): Promise<void> {
  const { output } = context
  assertShareable(plan, (text) => output.redactor.redact(text))
  const key = readPlanKey(context, settings)
  const createdAt = new Date()
  const expiresAt = new Date(createdAt.getTime() + lifetimeMs)
  const document = sealPlan(plan, { toolVersion: VERSION, createdAt, expiresAt, key })
  await writePlanFile(path, document, escapeJson)
  const seal = key === null ? 'without a seal' : 'sealed'
  output.note(`wrote the plan to ${path}, ${seal}; it expires at ${document.expiresAt}`)
}

function render(
  { plan, left }: Planned,
  format: Exclude<FileFormat, 'plan'>,
  next: string | null,
): string {
  const facts = planFacts(plan, left)
  if (format === 'markdown') return renderPlanMarkdown(facts, next)
  return renderPlanText(facts, { width: Number.POSITIVE_INFINITY, colors: false, next })
}

const VALUES = ['from', 'to', 'tables', 'base'] as const

const LISTS = ['select', 'secret'] as const

const SWITCHES = ['overwrite', 'delete'] as const

/** What writes the plan: the file, or `push` with the same flags. Null when there is nothing. */
function nextCommand(context: Context, { items }: Plan): string | null {
  if (items.length === 0) return null
  const file = context.strings('output').find((name) => name.endsWith('.json'))
  if (file !== undefined) return `tidegate apply ${shellWord(file)}`
  const flags = [
    ...VALUES.map((name) => [name, context.string(name)] as const),
    ...LISTS.flatMap((name) => context.strings(name).map((value) => [name, value] as const)),
  ].flatMap(([name, value]) => (value === undefined ? [] : [`--${name} ${shellWord(value)}`]))
  const switches = SWITCHES.filter((name) => context.flag(name)).map((name) => `--${name}`)
  const deletes = context.flag('delete') ? [`--max-deletes ${context.number('max-deletes')}`] : []
  return ['tidegate push', ...flags, ...switches, ...deletes].join(' ')
}
