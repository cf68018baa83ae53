import { randomInt } from 'node:crypto'
import type { BatteryInput, BatteryResult, FaultClass } from '../support/battery.ts'

export interface ClassOutcome {
  readonly faultClass: FaultClass
  readonly input: BatteryInput
  readonly result: BatteryResult
  readonly seconds: number
  /** For people: what was done and what came of it. */
  readonly line: string
}

export function newSeed(): number {
  return randomInt(2 ** 31)
}

export async function runClass(faultClass: FaultClass, input: BatteryInput): Promise<ClassOutcome> {
  const started = performance.now()
  const result = await faultClass.run(input).catch(failedClass)
  const seconds = (performance.now() - started) / 1000
  return {
    faultClass,
    input,
    result,
    seconds,
    line: describeOutcome(faultClass, input, result, seconds),
  }
}

/** One that cannot even begin must not keep the others from running. */
function failedClass(error: unknown): BatteryResult {
  const problem = error instanceof Error ? (error.stack ?? error.message) : String(error)
  return { points: 0, recovered: 0, problems: [problem], note: 'it did not begin' }
}

function describeOutcome(
  { name }: FaultClass,
  { seed }: BatteryInput,
  { points, recovered, problems, note, skipped }: BatteryResult,
  seconds: number,
): string {
  if (skipped !== undefined) return `${name}: SKIPPED, ${skipped}`
  const broken = problems.length === 0 ? '' : `, ${problems.length} PROBLEMS`
  return `${name}: ${points} points, ${recovered} converged${broken}; ${note} (seed ${seed}, ${seconds.toFixed(1)} s)`
}
