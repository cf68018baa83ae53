import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { copyFileSync, cpSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pid } from 'node:process'
import { describe, test } from 'node:test'
import { ACTS, FILE, POINT, watchPoints } from './crash.ts'
import { besides, damage, leaveLog, makeFile, stateOf, testFolders } from './files.ts'

const newFolder = testFolders()

/** Every so many points a real process is killed; at each the files are looked at as they are. */
const KILL_EVERY = 25

/** No process has this number: it is larger than Linux gives. */
const NOBODY = 999_999_999

interface Scenario {
  readonly name: string
  readonly act: keyof typeof ACTS
  /** Makes the file beside its restore point. */
  readonly prepare: (folder: string) => void
  /** Whether there is a state before, to come through whole. */
  readonly isSound: boolean
}

const SCENARIOS: readonly Scenario[] = [
  { name: 'the first write', act: 'write', isSound: true, prepare: () => undefined },
  {
    name: 'the first write, with a log left by a crash',
    act: 'write',
    isSound: true,
    prepare: (folder) => leaveLog(folder, 'in the log'),
  },
  { name: 'restore', act: 'restore', isSound: true, prepare: () => undefined },
  {
    name: 'restore, with a log left by a crash',
    act: 'restore',
    isSound: true,
    prepare: (folder) => leaveLog(folder, 'in the log'),
  },
  {
    name: 'restore of a damaged file, with its log',
    act: 'restore',
    isSound: false,
    prepare: (folder) => {
      leaveLog(folder, 'in the log')
      damage(join(folder, FILE))
      writeFileSync(join(folder, `${FILE}-journal`), 'left')
    },
  },
  {
    name: 'restore of a missing file, with its log',
    act: 'restore',
    isSound: false,
    prepare: (folder) => {
      leaveLog(folder, 'in the log')
      renameSync(join(folder, FILE), join(folder, 'elsewhere'))
    },
  },
]

function start({ prepare }: Scenario): string {
  const folder = newFolder()
  makeFile(join(folder, FILE), 'present')
  makeFile(join(folder, POINT), 'wanted')
  prepare(folder)
  return folder
}

/** The files as a process that is killed now leaves them. */
function takeImage(folder: string): string {
  const image = newFolder()
  for (const name of readdirSync(folder)) {
    cpSync(join(folder, name), join(image, name.replace(`-${pid}-`, `-${NOBODY}-`)), {
      recursive: true,
    })
  }
  return image
}

function digest(folder: string): string {
  const hash = createHash('sha256')
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true })
  for (const entry of entries) {
    const path = join(entry.parentPath, entry.name)
    hash.update(`${path}\0`).update(entry.isFile() ? readFileSync(path) : '')
  }
  return hash.digest('hex')
}

/** Reading a state may fold a log in, which is left to the next run here. */
function stateIn(folder: string): string | null {
  const copy = newFolder()
  for (const name of readdirSync(folder).filter((one) =>
    /^one-api\.db(?:-wal|-journal)?$/.test(one),
  )) {
    copyFileSync(join(folder, name), join(copy, name))
  }
  return stateOf(join(copy, FILE))
}

interface Outcome {
  readonly before: string | null
  readonly after: string | null
}

async function assertRecovers(folder: string, scenario: Scenario, outcome: Outcome): Promise<void> {
  const { before, after } = outcome
  assert.ok([before, after].includes(stateIn(folder)), 'neither before nor after')
  await ACTS[scenario.act](folder)
  assert.equal(stateIn(folder), after)
  const left = besides(folder)
  assert.deepEqual(
    left.filter((name) => /^\.|db-(?:wal|shm|journal)$/.test(name)),
    [],
  )
  for (const name of left.filter((one) => one.endsWith('.bak') && one !== POINT)) {
    assert.ok([before, after].includes(stateOf(join(folder, name))), `${name} is not whole`)
  }
}

interface Watched {
  readonly outcome: Outcome
  readonly points: number
  /** What differs from the point before it. */
  readonly images: readonly string[]
}

async function watch(scenario: Scenario): Promise<Watched> {
  const folder = start(scenario)
  const before = stateIn(folder)
  assert.equal(before !== null, scenario.isSound)
  const images: string[] = []
  let points = 0
  let last = ''
  const look = (): void => {
    points += 1
    const files = digest(folder)
    if (files !== last) images.push(takeImage(folder))
    last = files
  }
  await watchPoints(look, () => ACTS[scenario.act](folder))
  const after = stateIn(folder)
  assert.notEqual(after, before)
  if (scenario.act === 'restore') assert.equal(after, stateOf(join(folder, POINT)))
  return { outcome: { before, after }, points, images }
}

async function kill(scenario: Scenario, point: number): Promise<string> {
  const folder = start(scenario)
  const script = join(import.meta.dirname, 'crash-child.ts')
  const child = spawn(process.execPath, [script, scenario.act, folder, String(point)])
  const [, signal] = await once(child, 'close')
  assert.equal(signal, 'SIGKILL')
  return folder
}

describe('a process that is killed', () => {
  for (const scenario of SCENARIOS) {
    test(`during ${scenario.name}: before or after, and the next run finishes`, async (t) => {
      const { outcome, points, images } = await watch(scenario)
      for (const image of images) await assertRecovers(image, scenario, outcome)
      let killed = 0
      for (let point = KILL_EVERY; point <= points; point += KILL_EVERY) {
        await assertRecovers(await kill(scenario, point), scenario, outcome)
        killed += 1
      }
      t.diagnostic(
        `${points} points, ${images.length} states of the files, ${killed} real SIGKILLs`,
      )
    })
  }
})
