import assert from 'node:assert/strict'
import { readFile, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { stripVTControlCharacters } from 'node:util'
import stringWidth from 'string-width'
import { type Deployment, forEachDeployment } from './deployment.ts'
import { goodChannel } from './incidents.ts'

/** A model that only gateways without the memory cache refuse. */
const ONE_ABILITY_LESS = goodChannel(55, `delete from abilities where model = 'pika';`)

/** What every row of every table is, and on PostgreSQL which transaction wrote it. */
async function digest(deployment: Deployment): Promise<string> {
  const { target } = deployment
  if (target.dialect === 'sqlite') return (await readFile(target.path)).toString('base64')
  const tables = await deployment.query(
    `select tablename from pg_tables where schemaname = 'public' order by tablename`,
  )
  const rows = tables.map(([name]) =>
    deployment.query(`select xmin::text, t::text from "${String(name)}" t order by 2`),
  )
  return JSON.stringify([tables, await Promise.all(rows)])
}

forEachDeployment('zeo', (deployment) => {
  describe('--fix', () => {
    it('is what --dry-run and --reload are for', async () => {
      for (const flag of ['--dry-run', '--reload']) {
        const { code, stderr } = await deployment.call(`doctor ${flag}`)
        assert.equal(code, 1)
        assert.match(stderr, /are for what --fix writes/)
      }
    })

    it('with --dry-run says what it would write, and writes nothing', async () => {
      assert.equal((await deployment.call('deploy')).code, 0)
      await deployment.execute(ONE_ABILITY_LESS)
      const earlier = await digest(deployment)
      const { code, json } = await deployment.call('doctor --fix A5 --dry-run --json')
      assert.equal(code, 2)
      const { status, repairs } = json() as { status: string; repairs: { rule: string }[] }
      assert.deepEqual([status, repairs[0]?.rule], ['pending', 'A5'])
      assert.equal(await digest(deployment), earlier)
    })

    it('writes once; what else writes leaves it alone', async () => {
      assert.equal((await deployment.call('deploy')).code, 0)
      await deployment.execute(ONE_ABILITY_LESS)
      const first = await deployment.call('doctor --fix A5 --json')
      assert.equal(first.code, 0, first.stderr)
      assert.match(first.stderr, /^A5: channel \d+: abilities: \+1 ~0 -\d$/m)
      assert.equal((first.json()['verdict'] as { unroutable: number }).unroutable, 0)
      const written = await digest(deployment)
      const again = await deployment.call('doctor --fix')
      assert.match(again.stderr, /^nothing to repair$/m)
      assert.equal(await digest(deployment), written)
      const abilities = () => deployment.query('select * from abilities order by 1, 2, 3')
      const repaired = await abilities()
      for (const line of ['migrate down --step 1', 'migrate up', 'deploy']) {
        const { code, stderr } = await deployment.call(line)
        assert.equal(code, 0, stderr)
      }
      assert.deepEqual(await abilities(), repaired)
    })

    it('takes only rules that can be repaired, and re-enables only when told to', async () => {
      await deployment.execute(goodChannel(55, 'update channels set status = 3;'))
      const earlier = await digest(deployment)
      for (const rules of ['P1', 'B1', 'XX', 'A5,P1', '*']) {
        const { code, stderr } = await deployment.call(['doctor', '--fix', rules])
        assert.equal(code, 1, rules)
        assert.match(stderr, /^next: use .*C7.*A5/m)
      }
      assert.equal(await digest(deployment), earlier)
      assert.equal((await deployment.call('migrate up')).code, 0)
      const status = () => deployment.query('select status from channels')
      await deployment.call('doctor --fix')
      assert.equal(String(await status()), '3')
      await deployment.call('doctor --fix c7')
      assert.equal(String(await status()), '1')
    })
  })

  // What is printed, and how a run ends, is the same on every database.
  if (deployment.dialect !== 'sqlite') return

  describe('exit code', () => {
    const levels: readonly (readonly [level: string, healthy: number, unhealthy: number])[] = [
      ['critical', 0, 0],
      ['error', 0, 2],
      ['warning', 0, 2],
      ['info', 2, 2],
    ]
    it('is 2 from the severity on that --fail-on says', async () => {
      const codes: (readonly [string, number | null])[] = []
      for (const sql of [goodChannel(55), ONE_ABILITY_LESS]) {
        await deployment.execute(sql)
        for (const [level] of levels) {
          codes.push([level, (await deployment.call(`doctor --fail-on ${level}`)).code])
        }
      }
      const wanted = [1, 2].flatMap((column) => levels.map((row) => [row[0], row[column]]))
      assert.deepEqual(codes, wanted)
    })
  })

  describe('scope', () => {
    const cases: readonly (readonly [words: string, routes: readonly string[]])[] = [
      ['--cache off --path /pika/generate', ['cache-off default pika refused']],
      ['--cache on --path /pika/generate', ['cache-on default pika served']],
      [
        '--cache both --model pika --token-name main',
        ['cache-off default pika refused', 'cache-on default pika served'],
      ],
      ['--cache off --model kling --user alice', ['cache-off default kling served']],
      ['--cache off --model kling --group vip', ['cache-off vip kling refused']],
      [
        '--cache off --model kling --model pika',
        ['cache-off default kling served', 'cache-off default pika refused'],
      ],
    ]
    it('is what the flags say', async () => {
      await deployment.execute(ONE_ABILITY_LESS)
      for (const [words, wanted] of cases) {
        const { routes } = await deployment.diagnose(words)
        const shown = routes.map(({ mode, group, model, outcome }) =>
          [mode, group, model, outcome].join(' '),
        )
        assert.deepEqual(shown, wanted, words)
      }
    })

    it('that is not there is an error', async () => {
      const absent = [
        ['--user Alice', /no live user has the name/],
        ['--token-name other', /no live token has the name/],
        ['--path /v1/chat/completions', /no model of its own/],
        ['--cache maybe', /cache/],
      ] as const
      for (const [words, says] of absent) {
        const { code, stderr } = await deployment.call(`doctor ${words}`)
        assert.equal(code, 1, words)
        assert.match(stderr, says)
      }
    })
  })

  it('writes a report per --output, readable by its owner alone', async () => {
    await deployment.execute(ONE_ABILITY_LESS)
    const names = ['out.html', 'out.md', 'out.json', 'out.txt']
    const flags = names.map((name) => `--output ${name}`).join(' ')
    const { code, stdout, stderr } = await deployment.call(`doctor ${flags}`)
    assert.equal(code, 2, stderr)
    const file = (name: string) => join(deployment.folder, name)
    const texts = await Promise.all(names.map((name) => readFile(file(name), 'utf8')))
    const [html = '', markdown = '', json = '', text = ''] = texts
    assert.match(html, /^<!doctype html>/i)
    assert.match(markdown, /A1/)
    assert.equal((JSON.parse(json) as { findings: { rule: string }[] }).findings[0]?.rule, 'A1')
    assert.equal(text, stdout)
    for (const name of names) {
      assert.equal((await stat(file(name))).mode & 0o777, 0o600)
      await rm(file(name))
    }
  })

  it('checks --output before it connects', async () => {
    const cases = [
      ['doctor --output out.pdf', /ending of --output says no format/],
      ['doctor --format yaml', /format/],
    ] as const
    for (const [line, says] of cases) {
      const { code, stderr } = await deployment.call(line)
      assert.equal(code, 1)
      assert.match(stderr, says)
      assert.doesNotMatch(stderr, /connecting/)
    }
  })

  it('prints what --format says', async () => {
    await deployment.execute(ONE_ABILITY_LESS)
    const starts = {
      text: /^1 error/,
      json: /^\{/,
      markdown: /^\*\*1 error/,
      html: /^<!doctype html>/i,
    }
    for (const [format, start] of Object.entries(starts)) {
      assert.match((await deployment.call(`doctor --format ${format}`)).stdout, start)
    }
  })

  describe('terminal', () => {
    const ESCAPE = '\u001b['
    it('of 40 columns is enough', async () => {
      await deployment.execute(ONE_ABILITY_LESS)
      const { stdout } = await deployment.call('doctor --lang zh-CN', {}, { columns: 40 })
      assert.ok(stdout.includes(ESCAPE))
      assert.deepEqual(tooWide(stdout, 40), [])
    })

    it('is coloured unless NO_COLOR says otherwise, and a pipe never is', async () => {
      const colored = async (env: Record<string, string>, columns?: number) => {
        const options = columns === undefined ? {} : { columns }
        const { stdout, stderr } = await deployment.call('doctor', env, options)
        return `${stdout}${stderr}`.includes(ESCAPE)
      }
      assert.equal(await colored({}, 100), true)
      assert.equal(await colored({ NO_COLOR: '1' }, 100), false)
      assert.equal(await colored({ TERM: 'dumb' }, 100), false)
      assert.equal(await colored({}), false)
    })

    it('is told in the language of its locale', async () => {
      await deployment.execute(ONE_ABILITY_LESS)
      const heads = async (env: Record<string, string>, words = '') =>
        (await deployment.call(`doctor ${words}`, env)).stdout.split('\n')[0]!
      assert.match(await heads({ LANG: 'zh_CN.UTF-8' }), /\p{Script=Han}/u)
      assert.match(await heads({ LANG: 'de_DE.UTF-8' }), /^1 error/)
      assert.match(await heads({ LANG: 'zh_CN.UTF-8' }, '--lang en'), /^1 error/)
    })
  })
})

/** Commands are left in one line, to be copied, as are long words. */
function tooWide(text: string, columns: number): string[] {
  const lines = stripVTControlCharacters(text).split('\n')
  return lines.filter((line) => stringWidth(line) > columns && /^\s*[^$\s]\S* /.test(line))
}
