import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { readSecret, readText } from '../../src/config/variables.ts'

const root = mkdtempSync(join(tmpdir(), 'tidegate-variables-'))
after(() => rmSync(root, { recursive: true, force: true }))

const MALFORMED: readonly (readonly [name: string, value: string, problem: RegExp])[] = [
  ['NUL', 'sk-test\0one', /holds a NUL character$/],
  ['a lone surrogate', 'sk-test\ud800one', /is not valid Unicode$/],
  ['a space before it', ' sk-test-one', /starts or ends with whitespace or a line break$/],
  ['a space after it', 'sk-test-one ', /starts or ends with whitespace/],
  ['a line break after it', 'sk-test-one\n', /starts or ends with whitespace/],
  ['only spaces', '  ', /starts or ends with whitespace/],
  ['a byte order mark', '\ufeffsk-test-one', /starts or ends with whitespace/],
]

describe('readText', () => {
  const READ: readonly (readonly [name: string, value: string | undefined, text: string | null])[] =
    [
      ['unset', undefined, null],
      ['empty', '', null],
      ['a text', 'Bltcy旧网关', 'Bltcy旧网关'],
      ['spaces inside', 'a b\nc', 'a b\nc'],
    ]

  for (const [name, value, text] of READ) {
    test(name, () => {
      assert.deepEqual(readText({ NAME: value }, 'NAME'), text === null ? null : { text })
    })
  }

  for (const [name, value, problem] of MALFORMED) {
    test(`${name} is a fault`, () => {
      const reading = readText({ NAME: value }, 'NAME')
      assert.ok(reading !== null && 'fault' in reading)
      assert.equal(reading.fault.source, 'NAME')
      assert.match(reading.fault.problem, problem)
      assert.doesNotMatch(reading.fault.problem, /sk-test|one/)
    })
  }
})

describe('readSecret', () => {
  const FILES: Readonly<Record<string, string | Uint8Array>> = {
    plain: 'sk-test-one',
    unix: 'sk-test-one\n',
    windows: 'sk-test-one\r\n',
    twoKeys: 'sk-test-one\nsk-test-two\n',
    twoBreaks: 'sk-test-one\n\n',
    spaced: ' sk-test-one\n',
    marked: '\ufeffsk-test-one',
    empty: '',
    onlyBreak: '\n',
    nul: 'sk-test\0one',
    latin1: Uint8Array.from([0x73, 0x6b, 0xe9]),
    large: 'x'.repeat(64 * 1024 + 1),
  }

  before(() => {
    for (const [name, content] of Object.entries(FILES)) {
      writeFileSync(join(root, name), content, { mode: 0o600 })
    }
    mkdirSync(join(root, 'folder'))
  })

  const reveal = (variables: Readonly<Record<string, string | undefined>>) => {
    const reading = readSecret(variables, 'KEY', root)
    assert.ok(reading !== null && 'secret' in reading, JSON.stringify(reading))
    return { value: reading.secret.reveal(), warnings: reading.warnings }
  }

  const refuse = (variables: Readonly<Record<string, string | undefined>>) => {
    const reading = readSecret(variables, 'KEY', root)
    assert.ok(reading !== null && 'fault' in reading)
    const said = `${reading.fault.source}: ${reading.fault.problem}`
    assert.doesNotMatch(said, /sk-test/)
    return said
  }

  test('neither variable set is null', () => {
    assert.equal(readSecret({}, 'KEY', root), null)
    assert.equal(readSecret({ KEY: undefined, KEY_FILE: undefined }, 'KEY', root), null)
  })

  const READ: readonly (readonly [variables: Record<string, string>, value: string])[] = [
    [{ KEY: 'sk-test-one' }, 'sk-test-one'],
    [{ KEY: 'sk-test-one', KEY_FILE: '' }, 'sk-test-one'],
    [{ KEY_FILE: 'plain' }, 'sk-test-one'],
    [{ KEY_FILE: 'plain', KEY: '' }, 'sk-test-one'],
    [{ KEY_FILE: 'unix' }, 'sk-test-one'],
    [{ KEY_FILE: 'windows' }, 'sk-test-one'],
    [{ KEY_FILE: 'twoKeys' }, 'sk-test-one\nsk-test-two'],
    [{ KEY_FILE: join(root, 'plain') }, 'sk-test-one'],
  ]

  for (const [variables, value] of READ) {
    test(`${JSON.stringify(variables)} is read`, () => {
      assert.deepEqual(reveal(variables), { value, warnings: [] })
    })
  }

  const REFUSED: readonly (readonly [variables: Record<string, string>, said: RegExp])[] = [
    [{ KEY: 'sk-test-one', KEY_FILE: 'plain' }, /^KEY: KEY_FILE is set too: keep one of them$/],
    [{ KEY: '' }, /^KEY: it is set but empty$/],
    [{ KEY_FILE: '' }, /^KEY_FILE: it is set but empty$/],
    [{ KEY: '', KEY_FILE: '' }, /^KEY: it is set but empty$/],
    [{ KEY_FILE: 'nowhere' }, /^KEY_FILE: the file nowhere cannot be read \(ENOENT\)$/],
    [{ KEY_FILE: 'folder' }, /^KEY_FILE: the file folder is not a file$/],
    [{ KEY_FILE: '/dev/zero' }, /^KEY_FILE: the file \/dev\/zero is not a file$/],
    [{ KEY_FILE: 'large' }, /^KEY_FILE: the file large is larger than 64 KiB$/],
    [{ KEY_FILE: 'empty' }, /^KEY_FILE: the content of empty is empty$/],
    [{ KEY_FILE: 'onlyBreak' }, /^KEY_FILE: the content of onlyBreak is empty$/],
    [{ KEY_FILE: 'twoBreaks' }, /^KEY_FILE: the content of twoBreaks starts or ends with/],
    [{ KEY_FILE: 'spaced' }, /^KEY_FILE: the content of spaced starts or ends with/],
    [{ KEY_FILE: 'marked' }, /^KEY_FILE: the content of marked starts or ends with/],
    [{ KEY_FILE: 'nul' }, /^KEY_FILE: the content of nul holds a NUL character$/],
    [{ KEY_FILE: 'latin1' }, /^KEY_FILE: the content of latin1 is not UTF-8$/],
    [{ KEY_FILE: 'a\0b' }, /^KEY_FILE: its path holds a NUL character$/],
    [{ KEY_FILE: 'a\u001bb' }, /^KEY_FILE: its path holds a control character$/],
  ]

  for (const [variables, said] of REFUSED) {
    test(`${JSON.stringify(variables)} is a fault`, () => assert.match(refuse(variables), said))
  }

  for (const [name, value, problem] of MALFORMED) {
    test(`${name} is a fault`, () => {
      assert.match(refuse({ KEY: value }), /^KEY: its value /)
      assert.match(refuse({ KEY: value }), problem)
    })
  }

  const MODES: readonly (readonly [mode: number, warns: boolean])[] = [
    [0o600, false],
    [0o400, false],
    [0o640, true],
    [0o604, true],
    [0o644, true],
  ]

  for (const [mode, warns] of MODES) {
    test(`a file of mode ${mode.toString(8)} ${warns ? 'warns' : 'does not warn'}`, () => {
      writeFileSync(join(root, 'moded'), 'sk-test-one')
      chmodSync(join(root, 'moded'), mode)
      const { warnings } = reveal({ KEY_FILE: 'moded' })
      rmSync(join(root, 'moded'))
      assert.equal(warnings.length, warns ? 1 : 0)
      for (const warning of warnings) assert.match(warning, /^KEY_FILE: others .* read moded; run/)
    })
  }

  test('a FIFO is read', () => {
    execFileSync('mkfifo', ['-m', '600', join(root, 'pipe')])
    execFileSync('sh', ['-c', 'printf sk-test-one > "$0" &', join(root, 'pipe')], {
      stdio: 'ignore',
    })
    assert.deepEqual(reveal({ KEY_FILE: 'pipe' }), { value: 'sk-test-one', warnings: [] })
  })
})
