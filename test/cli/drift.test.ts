import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { beforeEach, describe, it } from 'node:test'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { main } from '../../src/cli/main.ts'
import { Output } from '../../src/cli/output.ts'
import type { PostgresTarget } from '../../src/database/contract.ts'
import type { DriftReport } from '../../src/diff/drift-report.ts'
import { commandOn, ownProject, reportOf, sidesEnv, targetEnv } from '../drift/command.ts'
import { forOnePair, outlines } from '../drift/world.ts'
import { runCli } from '../support/cli.ts'
import { startCutter } from '../support/cut-proxy.ts'
import { queryRaw } from '../support/raw.ts'

const SCHEMA = join(import.meta.dirname, '../../docs/schemas/drift-report.v1.schema.json')
const validate = new Ajv2020({ allowUnionTypes: true }).compile(
  JSON.parse(await readFile(SCHEMA, 'utf8')) as object,
)

/** One difference for each severity. */
const CHANGES = {
  note: `update options set value = 'b' where "key" = 'ServerAddress'`,
  warning: 'alter table options add column extra text',
  error: `update options set value = 'b' where "key" = 'Footer'`,
}

forOnePair('n26', (pair) => {
  const project = ownProject()
  const run = commandOn(pair, project)

  beforeEach(async () => {
    await pair.insert('options', { key: 'ServerAddress', value: 'a' })
    await pair.insert('options', { key: 'Footer', value: 'a' })
    for (const index of [1, 2, 3]) await pair.insert('options', { key: `O${index}`, value: 'a' })
  })

  describe('the exit code', () => {
    const CASES = [
      ['nothing', { note: 0, warning: 0, error: 0, never: 0 }],
      ['note', { note: 2, warning: 0, error: 0, never: 0 }],
      ['warning', { note: 2, warning: 2, error: 0, never: 0 }],
      ['error', { note: 2, warning: 2, error: 2, never: 0 }],
    ] as const
    for (const [severity, codes] of CASES) {
      it(`of ${severity} follows from --fail-on`, async () => {
        if (severity !== 'nothing') await pair.to.execute(CHANGES[severity])
        try {
          for (const [level, code] of Object.entries(codes)) {
            const result = await run(`drift --fail-on ${level} --json`)
            const { verdict } = result.json() as unknown as DriftReport
            assert.equal(result.code, code, level)
            assert.equal(verdict.failing, code === 2)
            assert.equal(verdict.status, severity === 'nothing' ? 'clean' : 'different')
          }
          const usual = await run('drift')
          assert.equal(usual.code, codes.warning)
        } finally {
          if (severity === 'warning') await pair.to.execute('alter table options drop column extra')
        }
      })
    }
  })

  describe('--json', () => {
    it('is one document of the published schema', async () => {
      await pair.to.execute(CHANGES.error)
      for (const line of [
        'drift',
        'drift --explain',
        'drift --from seeds',
        'drift --output a.md',
      ]) {
        const { stdout } = await run(`${line} --json`)
        validate(JSON.parse(stdout))
        assert.deepEqual(validate.errors, null, line)
      }
    })

    const ERRORS = {
      'an environment that nobody knows': ['drift --to staging', /STAGING/],
      'a name that is none': ['drift --to STAGING!', /name/],
      'seeds on the right': ['drift --to seeds', /left side/],
      'a snapshot that is not there': ['drift --to snapshots/none.jsonl', /no such snapshot/],
      'a base that is no file': ['drift --base production', /--base takes a snapshot file/],
      'a base that is not there': ['drift --base none.jsonl', /no such snapshot/],
      'a level that is none': ['drift --fail-on fatal', /Invalid|not understood|Choices/],
      'an output of no format': ['drift --output a.doc', /says no format/],
      'a number that is none': ['drift --max-findings many', /--max-findings/],
      'a negative number': ['drift --max-findings -1', /--max-findings/],
      'half a finding': ['drift --max-findings 1.5', /--max-findings/],
      'a report that is not there': ['drift render none.json', /cannot be read/],
    } as const
    for (const [name, [line, message]] of Object.entries(ERRORS)) {
      it(`is one error for ${name}`, async () => {
        const { code, stdout } = await run(`${line} --json`)
        assert.equal(code, 1)
        const { error } = JSON.parse(stdout) as { error: Record<string, unknown> }
        assert.match(JSON.stringify(error), message)
        assert.deepEqual(Object.keys(error).toSorted(), ['code', 'details', 'message', 'nextStep'])
        const text = await run(line)
        assert.deepEqual([text.code, text.stdout], [1, ''])
        assert.match(text.stderr, /^error: [^]+\nnext: .+/m)
      })
    }

    it('counts every finding and lists so many', async () => {
      await pair.to.execute(`update options set value = 'b'`)
      const whole = await reportOf(run, 'drift')
      assert.equal(whole.findings.length, 5)
      for (const limit of [0, 1, 4, 5, 6]) {
        const report = await reportOf(run, `drift --max-findings ${limit}`)
        assert.equal(report.findings.length, Math.min(limit, 5))
        assert.equal(report.omitted, Math.max(5 - limit, 0))
        assert.deepEqual(report.verdict, whole.verdict)
      }
    })
  })

  describe('the terminal', () => {
    const printed = async (
      stream: { isTTY?: boolean; columns?: number },
      env: Readonly<Record<string, string>>,
    ): Promise<string> => {
      const lines: string[] = []
      const stdout = { write: (one: string) => lines.push(one), ...stream }
      const output = new Output({ stdout, stderr: { write: () => true }, env })
      await main(['drift'], { cwd: project.folder, env: { ...sidesEnv(pair), ...env }, output })
      return lines.join('')
    }

    it('has colours where it takes them', async () => {
      await pair.to.execute(CHANGES.error)
      const terminal = { isTTY: true, columns: 100 }
      assert.ok((await printed(terminal, {})).includes('\u001b['))
      assert.ok(!(await printed(terminal, { NO_COLOR: '1' })).includes('\u001b'))
      assert.ok(!(await printed({}, {})).includes('\u001b'))
    })

    it('may be narrow: the table fits', async () => {
      const text = await printed({ isTTY: true, columns: 50 }, { NO_COLOR: '1' })
      const table = text.slice(text.indexOf('\n\n'))
      for (const line of table.split('\n')) assert.ok(line.length <= 50, line)
    })
  })

  it('Ctrl-C ends it with the signal, and the database has no session of it left', async () => {
    const target = pair.to.target as PostgresTarget
    const proxy = await startCutter(target)
    proxy.stallAfter(12_000)
    const sessions = () =>
      queryRaw(
        target,
        `select application_name from pg_stat_activity
        where datname = current_database() and application_name like 'tidegate%'`,
      )
    const result = await runCli(['drift'], {
      cwd: project.folder,
      env: { ...sidesEnv(pair), ...targetEnv('PRODUCTION', proxy.target) },
      onSpawn: (child) => {
        void (async () => {
          while ((await sessions()).length === 0) await sleep(50)
          await sleep(200)
          child.kill('SIGINT')
        })()
      },
    })
    assert.equal(result.signal, 'SIGINT')
    assert.equal(result.stdout, '')
    for (let tries = 0; (await sessions()).length > 0; tries += 1) {
      assert.ok(tries < 40, 'a session is left')
      await sleep(50)
    }
    assert.deepEqual(outlines(await reportOf(run, 'drift')), [])
  })
})
