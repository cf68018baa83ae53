/**
 * Runs the tests: `npm test`, `npm test -- test/seed`, `npm test -- --name "padded"`.
 * One real PostgreSQL server serves all files; TEST_POSTGRES_URL names another one instead.
 */
import { existsSync, statfsSync } from 'node:fs'
import { glob } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { run } from 'node:test'
import { spec } from 'node:test/reporters'
import { parseArgs } from 'node:util'
import { startEmbedded } from '../test/support/embedded-postgres.ts'
import { sourceFlags } from '../test/support/source-flags.ts'
import { bundlePackages } from './test-packages.ts'

const ROOT = join(import.meta.dirname, '..')

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { name: { type: 'string' } },
})

async function testFiles(folders: readonly string[]): Promise<string[]> {
  const patterns = folders.length === 0 ? ['test'] : folders
  const files: string[] = []
  for (const pattern of patterns) {
    const suffix = pattern.endsWith('.ts') ? '' : '/**/*.test.ts'
    for await (const file of glob(pattern + suffix, { cwd: ROOT })) files.push(join(ROOT, file))
  }
  return files.toSorted()
}

const MEMORY_DISK = '/dev/shm'

/** An index costs no more there than a scan. */
const IN_MEMORY = { random_page_cost: '1.1' }

function hasMemoryDisk(): boolean {
  if (!existsSync(MEMORY_DISK)) return false
  const { bavail, bsize } = statfsSync(MEMORY_DISK)
  return bavail * bsize > 4 * 1024 ** 3
}

interface Counts {
  passed: number
  failed: number
  readonly skipped: string[]
}

async function runFiles(files: string[]): Promise<Counts> {
  const counts: Counts = { passed: 0, failed: 0, skipped: [] }
  const stream = run({
    files,
    concurrency: 2,
    cwd: ROOT,
    execArgv: sourceFlags(),
    ...(values.name === undefined ? {} : { testNamePatterns: [new RegExp(values.name)] }),
  })
  // Suites and files are counted by their tests; a file that dies is a failure of its own.
  stream.on('test:pass', ({ name, skip, details }) => {
    if (details.type === 'suite') return
    if (skip === undefined || skip === false) counts.passed += 1
    else counts.skipped.push(typeof skip === 'string' ? `${name}: ${skip}` : name)
  })
  stream.on('test:fail', ({ details }) => {
    if (details.type !== 'suite') counts.failed += 1
  })
  const done = new Promise((resolve) => stream.on('end', resolve))
  stream.compose(new spec()).pipe(process.stdout)
  await done
  return counts
}

function report({ passed, failed, skipped }: Counts): void {
  for (const line of skipped) console.log(`SKIPPED ${line}`)
  const suffix = skipped.length > 0 ? `, ${skipped.length} skipped` : ''
  console.log(`${passed} passed, ${failed} failed${suffix}`)
}

const files = await testFiles(positionals.map((path) => relative(ROOT, join(process.cwd(), path))))
if (files.length === 0) {
  console.error('no test file matches')
  process.exitCode = 1
} else {
  // Databases in memory, where there is room for them: nobody pulls the plug on a test.
  if (hasMemoryDisk()) process.env['TMPDIR'] ??= MEMORY_DISK
  // Every file is a process that strips the types of the same modules.
  process.env['NODE_COMPILE_CACHE'] ??= join(ROOT, 'node_modules/.cache/compile')
  process.env['TEST_PACKAGES'] = await bundlePackages()
  const server = process.env['TEST_POSTGRES_URL'] ? null : await startEmbedded(IN_MEMORY)
  if (server !== null) process.env['TEST_POSTGRES_URL'] = server.url
  try {
    const counts = await runFiles(files)
    report(counts)
    if (counts.failed > 0 || counts.passed === 0) process.exitCode = 1
  } finally {
    await server?.stop()
  }
}
