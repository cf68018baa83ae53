import assert from 'node:assert/strict'
import {
  chownSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { basename, join } from 'node:path'
import { geteuid } from 'node:process'
import { describe, test } from 'node:test'
import { FILE } from './crash.ts'
import { besides, testFolders } from './files.ts'
import { madeIn, pointsIn, using, write, writeOnce } from './points.ts'

const newFolder = testFolders()
const made = (): string => madeIn(newFolder())

/** No process has this number: it is larger than Linux gives. */
const NOBODY = 999_999_999

describe('the name of a restore point', () => {
  test('is the time, and never one that is taken: a planted link is not followed', async (t) => {
    const folder = made()
    t.mock.timers.enable({ apis: ['Date'], now: new Date('2026-11-22T19:32:59.123Z') })
    const victim = join(newFolder(), 'victim')
    writeFileSync(victim, 'untouched')
    symlinkSync(victim, join(folder, `${FILE}.20261122T193259123Z.bak`))
    mkdirSync(join(folder, `${FILE}.20261122T193259124Z.bak`))
    await writeOnce(folder, 5)
    assert.deepEqual(pointsIn(folder), [
      `${FILE}.20261122T193259123Z.bak`,
      `${FILE}.20261122T193259124Z.bak`,
      `${FILE}.20261122T193259125Z.bak`,
    ])
    assert.equal(readFileSync(victim, 'utf8'), 'untouched')
    assert.ok(lstatSync(join(folder, pointsIn(folder)[2]!)).isFile())
  })
})

describe('old restore points', () => {
  test('are dropped beyond those kept, the one just made not even when clocks were wrong', async () => {
    const folder = made()
    const names = ['20250101', '20250102', '29990101'].map((day) => `${FILE}.${day}T000000000Z.bak`)
    for (const name of names) writeFileSync(join(folder, name), '')
    await using(folder, { restorePoints: 2 }, async (database) => {
      await write(database)
      const point = database.restorePoint
      assert.ok(point?.kind === 'file')
      assert.deepEqual(besides(folder), [basename(point.path), names[2]])
    })
  })

  test('are told from everything else that lies there', async (t) => {
    const folder = made()
    const others = [
      `${FILE}.bak`,
      `${FILE}.20250101T000000000Z.bak.gz`,
      `${FILE}.20250101T000000Z.bak`,
      `x${FILE}.20250101T000000000Z.bak`,
      'another.db.20250101T000000000Z.bak',
    ]
    for (const name of others) writeFileSync(join(folder, name), 'kept')
    mkdirSync(join(folder, `${FILE}.20250102T000000000Z.bak`))
    symlinkSync(join(folder, others[0]!), join(folder, `${FILE}.20250103T000000000Z.bak`))
    const foreign = join(folder, `${FILE}.20250104T000000000Z.bak`)
    if (geteuid!() === 0) {
      writeFileSync(foreign, "another user's")
      chownSync(foreign, 65534, 65534)
    } else t.diagnostic('SKIPPED: only root can make a file of another user')
    const before = besides(folder)
    await writeOnce(folder, 1)
    const after = besides(folder)
    assert.deepEqual(
      before.filter((name) => !after.includes(name)),
      [],
    )
    assert.equal(after.length, before.length + 1)
  })
})

describe('folders that killed processes have left', () => {
  const scratch = (owner: number): string => `.${FILE}.tidegate-${owner}-aB3Zx9`
  const old = new Date(Date.now() - 3_700_000)

  const CASES: readonly (readonly [string, string, { age?: Date; isKept: boolean }])[] = [
    ['of a process that is gone', scratch(NOBODY), { isKept: false }],
    ['of a process that runs', scratch(1), { isKept: true }],
    ['of a process that runs, from long ago', scratch(1), { age: old, isKept: false }],
    ['of another file', `.other.db.tidegate-${NOBODY}-aB3Zx9`, { isKept: true }],
    ['of something else', `.${FILE}.tidegate-${NOBODY}-aB3Zx9.d`, { age: old, isKept: true }],
  ]
  for (const [what, name, { age, isKept }] of CASES) {
    test(`${what}: ${isKept ? 'stays' : 'is removed'}`, async () => {
      const folder = made()
      mkdirSync(join(folder, name))
      writeFileSync(join(folder, name, 'copy.db'), 'half')
      if (age !== undefined) utimesSync(join(folder, name), age, age)
      await writeOnce(folder, 1)
      assert.equal(besides(folder).includes(name), isKept)
    })
  }

  test('a link of such a name is left alone, and what it leads to', async () => {
    const [folder, victim] = [made(), newFolder()]
    writeFileSync(join(victim, 'kept'), '')
    symlinkSync(victim, join(folder, scratch(NOBODY)))
    await writeOnce(folder, 1)
    assert.deepEqual(besides(victim), ['kept'])
    assert.ok(besides(folder).includes(scratch(NOBODY)))
  })
})
