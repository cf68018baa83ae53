/**
 * Runs the fault battery: `npm run battery`, `npm run battery -- --scale 0.1 --only cut`. One line
 * for each class; exit code 1 when a fault left something that it should not.
 */
import { writeFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { format, resolveConfig } from 'prettier'
import { FAULT_CLASSES } from '../test/battery/classes/index.ts'
import { renderReport } from '../test/battery/report.ts'
import { newSeed, runClass, type ClassOutcome } from '../test/battery/run.ts'
import { startPostgres } from '../test/support/postgres.ts'

const { values } = parseArgs({
  options: {
    scale: { type: 'string', default: '1' },
    seed: { type: 'string' },
    only: { type: 'string', default: '' },
    write: { type: 'string' },
  },
})

const scale = Number(values.scale)
const seed = values.seed === undefined ? newSeed() : Number(values.seed)
const chosen = FAULT_CLASSES.filter(({ name }) => name.includes(values.only))
if (!(scale > 0 && scale <= 1) || !Number.isSafeInteger(seed) || chosen.length === 0) {
  console.error('--scale is a number up to 1, --seed a whole one, --only a part of a class’s name')
  process.exitCode = 1
} else {
  await runChosen()
}

async function runChosen(): Promise<void> {
  const url = process.env['TEST_POSTGRES_URL']
  const started = url ? null : await startPostgres()
  const server = { url: url ?? started!.url }
  try {
    const outcomes: ClassOutcome[] = []
    for (const faultClass of chosen) {
      const outcome = await runClass(faultClass, { scale, seed, server })
      console.log(outcome.line)
      for (const problem of outcome.result.problems) console.log(`  ${problem}`)
      outcomes.push(outcome)
    }
    if (outcomes.some(({ result }) => result.problems.length > 0)) process.exitCode = 1
    if (values.write) await writeReport(values.write, await renderReport(outcomes, server))
  } finally {
    await started?.stop()
  }
}

async function writeReport(path: string, markdown: string): Promise<void> {
  const options = await resolveConfig(path)
  await writeFile(path, await format(markdown, { ...options, filepath: path }))
}
