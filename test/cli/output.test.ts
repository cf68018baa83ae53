import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Output } from '../../src/cli/output.ts'
import { TidegateError } from '../../src/errors.ts'
import { Secret } from '../../src/secret.ts'

function outputFor(
  env: Readonly<Record<string, string | undefined>>,
  isTTY: boolean,
  columns?: number,
) {
  const written = { stdout: '', stderr: '' }
  const stream = (name: 'stdout' | 'stderr') => ({
    isTTY,
    columns,
    write: (text: string) => (written[name] += text),
  })
  const output = new Output({ stdout: stream('stdout'), stderr: stream('stderr'), env })
  return { output, written }
}

describe('colours', () => {
  const cases = [
    { isTTY: true, env: {}, coloured: true },
    { isTTY: false, env: {}, coloured: false },
    { isTTY: true, env: { NO_COLOR: '1' }, coloured: false },
    { isTTY: true, env: { NO_COLOR: '' }, coloured: true },
    { isTTY: true, env: { TERM: 'dumb' }, coloured: false },
    { isTTY: false, env: { FORCE_COLOR: '1' }, coloured: true },
    { isTTY: false, env: { FORCE_COLOR: '0' }, coloured: false },
    { isTTY: true, env: { FORCE_COLOR: '1', NO_COLOR: '1' }, coloured: false },
  ]
  for (const { isTTY, env, coloured } of cases) {
    it(`${coloured ? 'on' : 'off'} ${isTTY ? 'in' : 'outside'} a terminal with ${JSON.stringify(env)}`, () => {
      const { output, written } = outputFor(env, isTTY)
      output.warn('w')
      output.error(new TidegateError('usage', 'm', { nextStep: 'n' }))
      output.text('data')
      assert.equal(written.stderr.includes('\u001b['), coloured)
      assert.equal(written.stdout, 'data\n')
    })
  }
})

describe('what leaves', () => {
  it('with --json an error is a document on stdout and text is silent', () => {
    const { output, written } = outputFor({}, true)
    output.json = true
    output.text('hidden')
    output.error(new TidegateError('usage', 'm\n::error::x', { nextStep: 'n', details: { a: 1 } }))
    assert.equal(written.stderr, '')
    const error = { code: 'usage', message: 'm\n::error::x', nextStep: 'n', details: { a: 1 } }
    assert.deepEqual(JSON.parse(written.stdout), { error })
  })

  it('an error that is not ours says its kind and place, never its words', () => {
    const { output, written } = outputFor({}, false)
    output.error(new TypeError('sk-test-quoted'))
    output.error('sk-test-thrown')
    assert.ok(!written.stderr.includes('sk-test'))
    assert.match(written.stderr, /an unexpected TypeError at [\w.]+:\d+\n/)
  })

  it('secrets that were loaded are blanked in every form; short ones are left alone', () => {
    const { output, written } = outputFor({}, false)
    const secret = 'sk-test-"a/b+c'
    output.redactor.add([new Secret(secret), new Secret('short')])
    const base64 = Buffer.from(secret).toString('base64')
    for (const form of [secret, encodeURIComponent(secret), base64, JSON.stringify(secret)]) {
      output.text(`x ${form} y`)
    }
    output.text('short')
    assert.equal(
      written.stdout,
      'x [secret] y\nx [secret] y\nx [secret] y\nx "[secret]" y\nshort\n',
    )
  })

  it('no line can start a command of a CI runner', () => {
    const { output, written } = outputFor({}, false)
    output.text('::error::x\n  ##[group]y\nfine :: here')
    output.note('::warning::x')
    const lines = (written.stdout + written.stderr).split('\n')
    assert.deepEqual(
      lines.filter((line) => /^\s*(::|##\[)/.test(line)),
      [],
    )
    assert.ok(written.stdout.includes('fine :: here'))
  })

  it('the width is that of the terminal, and without one there is none', () => {
    assert.equal(outputFor({}, true, 40).output.width, 40)
    assert.equal(outputFor({}, false, 40).output.width, Number.POSITIVE_INFINITY)
  })
})
