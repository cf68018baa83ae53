import { readFile, stat } from 'node:fs/promises'
import { z } from 'zod'
import { isEnvironmentName } from '../config/environment-name.ts'
import { TidegateError } from '../errors.ts'
import { FLEET_RESULTS, FLEET_SCHEMA, type FleetReport } from '../report/fleet.ts'

/** More than thousands of environments need. */
const MAX_BYTES = 256 * 1024 * 1024

const entry = z.strictObject({
  environment: z.string().refine(isEnvironmentName),
  status: z.enum(FLEET_RESULTS),
  exitCode: z.union([z.literal(0), z.literal(1), z.literal(2), z.literal(75)]).nullable(),
  ms: z.number().int().min(0).nullable(),
  what: z.string().max(100_000),
  report: z.record(z.string(), z.unknown()).nullable(),
})

const fleet = z.strictObject({
  $schema: z.literal(FLEET_SCHEMA),
  command: z.string(),
  pattern: z.string(),
  status: z.enum(['ok', 'found', 'failed']),
  environments: z.array(entry),
})

/** A file of `--fleet-report`. @throws TidegateError for another one, or one of another fleet */
export async function readFleet(
  path: string,
  { command, pattern }: Pick<FleetReport, 'command' | 'pattern'>,
): Promise<FleetReport> {
  const checked = fleet.safeParse(await readJson(path))
  if (!checked.success) throw unusable('is not what --fleet-report writes')
  if (checked.data.command === command && checked.data.pattern === pattern) return checked.data
  throw unusable('is of another command, or of another --env')
}

async function readJson(path: string): Promise<unknown> {
  try {
    const { size } = await stat(path)
    return size > MAX_BYTES ? null : (JSON.parse(await readFile(path, 'utf8')) as unknown)
  } catch {
    throw unusable('cannot be read')
  }
}

function unusable(problem: string): TidegateError {
  return new TidegateError('usage', `the file of --resume ${problem}`, {
    nextStep: 'give the file, the command and the --env of the run to go on with',
  })
}
