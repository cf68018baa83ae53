import assert from 'node:assert/strict'
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  copyFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { geteuid } from 'node:process'
import { after, describe, test } from 'node:test'
import { SEED_ENV } from '../support/cli.ts'
import { sourceFlags } from '../support/source-flags.ts'
import { createSqliteFile } from '../support/sqlite.ts'
import { callerIn, envOf, testProject } from './runs.ts'

const project = testProject()
const call = callerIn(project)

const ROOT = join(import.meta.dirname, '../..')

describe('a disk that is full', () => {
  const mounted = mkdtempSync(join(tmpdir(), 'tidegate-full-'))
  const path = join(mounted, 'one-api.db')
  const env = { SQL_DSN: 'local', SQLITE_PATH: path }
  after(() => {
    unmount(mounted)
    rmSync(mounted, { recursive: true, force: true })
  })

  for (const [what, options, says] of [
    ['no room', 'size=320k', 'it takes \\d+ bytes, and the disk has \\d+'],
    ['no room for one more name', 'size=4m,nr_inodes=3', 'the disk is full'],
  ] as const) {
    test(`${what}: deploy says so and writes nothing`, async (t) => {
      unmount(mounted)
      if (!mount(mounted, options)) return t.skip('SKIPPED: a file system cannot be mounted here')
      const source = await createSqliteFile({ fixture: 'zeo' })
      copyFileSync(source.path, path)
      await source.drop()
      const bytes = readFileSync(path)
      const { code, stderr } = await call('deploy', env)
      assert.equal(code, 1)
      assert.match(stderr, new RegExp(`no restore point of .*one-api\\.db could be made: ${says}`))
      assert.match(stderr, /next: .*`restorePoints: 0` in tidegate\.config\.ts/)
      assert.ok(bytes.equals(readFileSync(path)))
      assert.deepEqual(readdirSync(mounted), ['one-api.db'])
    })
  }

  test('restorePoints: 0 goes without', async (t) => {
    unmount(mounted)
    if (!mount(mounted, 'size=700k')) return t.skip('SKIPPED: a file system cannot be mounted here')
    const source = await createSqliteFile({ fixture: 'zeo' })
    copyFileSync(source.path, path)
    await source.drop()
    // So that a copy would not fit, and the journal does.
    writeFileSync(join(mounted, 'filler'), Buffer.alloc(330_000))
    assert.equal((await call('deploy', env)).code, 1)
    const config = join((await project()).folder, 'without.config.ts')
    writeFileSync(config, 'export default { restorePoints: 0 }')
    const { code, stderr } = await call(`deploy --config ${config}`, env)
    assert.equal(code, 0, stderr)
    assert.deepEqual(readdirSync(mounted), ['filler', 'one-api.db'])
  })
})

function mount(folder: string, options: string): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tidegate-test', folder], {
      stdio: 'ignore',
    })
    return true
  } catch {
    return false
  }
}

function unmount(folder: string): void {
  try {
    execFileSync('umount', [folder], { stdio: 'ignore' })
  } catch {
    return
  }
}

test('a folder that may not be written: deploy says so and writes nothing', async (t) => {
  if (geteuid!() !== 0) return t.skip('SKIPPED: only root can act as another user')
  const source = await createSqliteFile({ fixture: 'zeo' })
  const folder = dirname(source.path)
  chmodSync(source.path, 0o666)
  chmodSync(folder, 0o555)
  const bytes = readFileSync(source.path)
  const entry = join(ROOT, 'src/cli/entry.ts')
  const child = spawn(process.execPath, [...sourceFlags(), entry, 'deploy'], {
    cwd: ROOT,
    uid: 65534,
    env: { PATH: process.env['PATH'], ...SEED_ENV, ...envOf(source.target) },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let stderr = ''
  child.stderr.on('data', (text) => (stderr += text))
  const [code] = await once(child, 'close')
  assert.equal(code, 1, stderr)
  assert.match(stderr, /could be made: the user may not write the folder of the file/)
  assert.ok(bytes.equals(readFileSync(source.path)))
  await source.drop()
})
