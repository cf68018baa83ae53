import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import stringWidth from 'string-width'
import type { Options } from 'yargs'
import type { CommandDefinition } from '../../src/cli/command.ts'
import { COMMANDS } from '../../src/cli/commands/index.ts'
import { COMPLETION, CONVENTIONS, main, PURPOSE } from '../../src/cli/main.ts'
import { GLOBAL_OPTIONS } from '../../src/cli/options.ts'
import { Output } from '../../src/cli/output.ts'
import { help } from '../../src/language/zh-CN/help.ts'
import { callerIn, runnerIn, testProject } from '../cli/runs.ts'

const HAN = /\p{Script=Han}/u

const project = testProject()
const run = runnerIn(project)
const call = callerIn(project)

function textsOf({ describe, options = {}, examples = [] }: CommandDefinition): string[] {
  return [describe, ...optionTexts(options), ...examples.map(([, text]) => text)]
}

function optionTexts(options: Readonly<Record<string, Options>>): string[] {
  return Object.values(options).flatMap(({ describe }) => describe ?? [])
}

/** Paths and addresses are the same in every language. */
function isProse(text: string): boolean {
  return !/^\S+\/\S+$/.test(text)
}

const USED = new Set(
  [
    PURPOSE,
    CONVENTIONS,
    COMPLETION,
    ...optionTexts(GLOBAL_OPTIONS),
    ...COMMANDS.flatMap((entry) =>
      'commands' in entry ? [entry.describe, ...entry.commands.flatMap(textsOf)] : textsOf(entry),
    ),
  ].filter(isProse),
)

describe('the translated help', () => {
  it('has every text of every command', () => {
    assert.deepEqual(
      [...USED].filter((text) => !Object.hasOwn(help, text)),
      [],
    )
  })

  it('has no text that nothing uses', () => {
    assert.deepEqual(
      Object.keys(help).filter((text) => !USED.has(text)),
      [],
    )
  })

  it('is Chinese throughout', () => {
    assert.deepEqual(
      Object.entries(help).filter(([, text]) => !HAN.test(text)),
      [],
    )
  })
})

const LINES = COMMANDS.flatMap((entry) => {
  const [name = ''] = entry.command.split(' ')
  if (!('commands' in entry)) return [name]
  const own = entry.commands.map(({ command }) => command.split(' ')[0]!)
  return [name, ...own.filter((one) => one !== '$0').map((one) => `${name} ${one}`)]
})

describe('--help in Chinese', () => {
  for (const [name, line, env] of [
    ['by the locale', 'drift --help', { LANG: 'zh_CN.UTF-8' }],
    ['by --lang', 'drift --help --lang zh-CN', { LANG: 'C' }],
    ['by --lang=', '--lang=zh-CN drift --help', { LANG: 'en_US.UTF-8' }],
  ] as const) {
    it(name, async () => {
      const { code, stdout, stderr } = await (name === 'by the locale' ? run : call)(line, env)
      assert.deepEqual([code, stderr], [0, ''])
      for (const heading of ['命令：', '选项：', '示例：']) assert.ok(stdout.includes(heading))
      for (const english of ['Commands', 'Options', '[string]', '[boolean]', 'default', 'choices'])
        assert.ok(!stdout.includes(english), english)
    })
  }

  it('--lang wins over the locale', async () => {
    const { stdout } = await call('drift --help --lang en', { LANG: 'zh_CN.UTF-8' })
    assert.match(stdout, /^Options:$/m)
    assert.doesNotMatch(stdout, HAN)
  })

  it('leaves no English sentence in any command', async () => {
    for (const line of ['', ...LINES]) {
      const { code, stdout } = await call(`${line} --help --lang zh-CN`)
      assert.equal(code, 0, line)
      const english = stdout.match(/(?:\b[a-z]{2,} ){3,}[a-z]{2,}/g) ?? []
      assert.deepEqual(
        english.filter((words) => !words.startsWith('tidegate')),
        [],
        line,
      )
    }
  })

  it('fits 60 columns', async () => {
    const stdout = await narrow(['drift', '--help', '--lang', 'zh-CN'])
    assert.match(stdout, /选项：/)
    const commands = /^ {2}tidegate/
    const wide = stdout.split('\n').filter((line) => stringWidth(line) > 60 && !commands.test(line))
    assert.deepEqual(wide, [])
  })
})

/** What a terminal of 60 columns shows. */
async function narrow(args: readonly string[]): Promise<string> {
  const lines: string[] = []
  const stream = { write: (text: string) => lines.push(text), isTTY: true, columns: 60 }
  const output = new Output({ stdout: stream, stderr: stream, env: {} })
  const { log } = console
  console.log = (text: string) => lines.push(`${text}\n`)
  try {
    await main(args, { cwd: (await project()).folder, env: {}, output })
  } finally {
    console.log = log
  }
  return lines.join('')
}

const SECRET = 'sk-test-4f9a1c'

const WRONG: readonly (readonly [line: string, says: string])[] = [
  ['', '缺少命令'],
  ['migrate', 'migrate 之后缺少命令'],
  ['deplyo', '没有这个命令；是否想输入 deploy？'],
  ['deploy --nonsense', '未知的参数：nonsense'],
  ['deploy --wait', '--wait 需要一个值'],
  ['migrate create', '缺少名称（给出 0 个，需要 1 个）'],
  ['migrate repair 0001-x', '缺少必需的选项：reason'],
  ['migrate up --to a --step 1', '--to 与 --step 不能同时使用'],
  ['migrate plan --dialect mysql', '可选值 "sqlite", "postgres"'],
  [`deploy ${SECRET}`, '有无法理解的参数'],
  [`deploy --${SECRET}`, '有无法理解的参数'],
  [`migrate plan --dialect ${SECRET}`, '有无法理解的参数'],
  ['deploy 密码秘密', '有无法理解的参数'],
  [`deploy postgres://u:${SECRET}@h/db`, '有无法理解的参数'],
]

describe('a wrong command line in Chinese', () => {
  for (const [line, says] of WRONG) {
    it(line === '' ? '(nothing)' : line, async () => {
      const { code, stdout, stderr } = await call(line, { LANG: 'zh_CN.UTF-8' })
      assert.deepEqual([code, stdout], [1, ''])
      assert.ok(stderr.includes(says), stderr)
      assert.ok(stderr.includes('参见 `tidegate --help`'), stderr)
      assert.ok(!stderr.includes(SECRET) && !stderr.includes('密码秘密'), stderr)
    })
  }

  it('an unknown language is said in English, with those that there are', async () => {
    const { code, stderr } = await call('drift --lang fr')
    assert.equal(code, 1)
    assert.match(stderr, /Given: "fr", Choices: "en", "zh-CN"/)
  })
})
