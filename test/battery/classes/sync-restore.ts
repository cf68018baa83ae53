import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import {
  runCase,
  sample,
  seededRandom,
  summarise,
  type BatteryInput,
  type CaseResult,
  type FaultClass,
} from '../../support/battery.ts'
import { copyFolder, restoreWorld, type RestoreWorld } from '../../support/battery-restore.ts'
import { runHere } from '../../support/battery-run.ts'
import { watchPoints } from '../../database/sqlite/crash.ts'

const JOURNALS = ['delete', 'wal'] as const

/** The folder before each call that changes a file, and each statement; equal ones are shared. */
async function takeImages(world: RestoreWorld): Promise<string[]> {
  const folder = world.create()
  const images = new Map<string, string>()
  const points: string[] = []
  const look = (): void => {
    const files = digestOf(folder)
    const image = images.get(files) ?? copyFolder(folder)
    images.set(files, image)
    points.push(image)
  }
  const { code, report } = await watchPoints(look, () => runHere(world.call(folder)))
  if (code !== 0) throw new Error(`an undisturbed restore failed: ${report?.error?.message}`)
  look()
  rmSync(folder, { recursive: true })
  return points
}

function digestOf(folder: string): string {
  const hash = createHash('sha256')
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name)
    hash.update(`${path}\0`).update(entry.isFile() ? readFileSync(path) : '')
  }
  return hash.digest('hex')
}

async function runSteps({ scale, seed, server }: BatteryInput) {
  const random = seededRandom(seed, 'restore')
  const cases: CaseResult[] = []
  for (const journal of scale === 1 ? JOURNALS : (['wal'] as const)) {
    const world = await restoreWorld(server, journal)
    const images = await takeImages(world)
    const known = new Map<string, CaseResult>()
    for (const image of scale === 1 ? images : sample(images, scale, random)) {
      const name = `${journal}, step ${images.indexOf(image) + 1}`
      const result = known.get(image) ?? (await checkImage(name, image, world))
      known.set(image, result)
      cases.push(result)
    }
    for (const image of new Set(images)) rmSync(image, { recursive: true })
    await world.drop()
  }
  return summarise(cases)
}

function checkImage(name: string, image: string, world: RestoreWorld): Promise<CaseResult> {
  return runCase(name, async (problems) => {
    const found = await world.checkFault(image, problems)
    await world.checkRecovery(image, problems)
    return found
  })
}

export const restoreSteps: FaultClass = {
  name: 'restore: copied at every step',
  describe:
    'The folder of a SQLite file is copied before each statement of a restore and each of its calls that change a file, as a crash would leave it: with a rollback journal, and with a write-ahead log.',
  run: runSteps,
}
