import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { runInNewContext } from 'node:vm'
import { parse } from 'yaml'
import { runCli } from '../support/cli.ts'

const ROOT = join(import.meta.dirname, '../..')
const FOLDER = join(ROOT, '.github/workflows')

type Permissions = Readonly<Record<string, string>>

interface Step {
  readonly uses?: string
  readonly run?: string
  readonly with?: Readonly<Record<string, unknown>>
  readonly env?: Readonly<Record<string, string>>
}

interface Job {
  readonly if?: string
  readonly environment?: string
  readonly permissions?: Permissions
  readonly 'timeout-minutes'?: number
  readonly steps: readonly Step[]
}

interface Workflow {
  readonly file: string
  readonly text: string
  readonly on: string | Readonly<Record<string, unknown>>
  readonly permissions: Permissions
  readonly jobs: Readonly<Record<string, Job>>
}

const WORKFLOWS = readdirSync(FOLDER).map(readWorkflow)

/** All that a job may have beyond reading the code. */
const GRANTS: Readonly<Record<string, Permissions>> = {
  'drift.yml': { 'pull-requests': 'write' },
  'drift-fork-comment.yml': { 'pull-requests': 'write', actions: 'read' },
}

function readWorkflow(file: string): Workflow {
  const text = readFileSync(join(FOLDER, file), 'utf8')
  return { ...(parse(text) as Omit<Workflow, 'file' | 'text'>), file, text }
}

function workflow(file: string): Workflow {
  return WORKFLOWS.find((one) => one.file === file)!
}

function stepsOf({ jobs }: Workflow): readonly Step[] {
  return Object.values(jobs).flatMap(({ steps }) => steps)
}

for (const one of WORKFLOWS) {
  const { file, text, on, permissions, jobs } = one
  describe(file, () => {
    test('every action is pinned to a commit, and says which version that is', () => {
      const used = stepsOf(one).flatMap(({ uses }) => uses ?? [])
      const pinned = text.matchAll(/^[ -]+uses: ([\w/-]+@[0-9a-f]{40}) # v\d+\.\d+\.\d+$/gm)
      assert.deepEqual(
        Array.from(pinned, ([, name]) => name),
        used,
      )
    })

    test('jobs may only do what they must', () => {
      const granted = { contents: 'read', ...GRANTS[file] }
      for (const given of [permissions, ...Object.values(jobs).map((job) => job.permissions)]) {
        for (const [name, level] of Object.entries(given ?? {})) {
          assert.equal(granted[name as keyof typeof granted], level, name)
        }
      }
      assert.ok(Object.values(permissions).every((level) => level === 'read'))
    })

    test('nothing runs for a fork with the rights of the base branch', () => {
      const events = typeof on === 'string' ? [on] : Object.keys(on)
      assert.ok(!events.includes('pull_request_target'))
      const checkouts = stepsOf(one).filter(({ uses }) => uses?.startsWith('actions/checkout@'))
      for (const { with: given } of checkouts) {
        assert.deepEqual(given, { 'persist-credentials': false })
      }
    })

    test('no script holds an expression, which others could fill with commands', () => {
      for (const { run = '' } of stepsOf(one)) assert.ok(!run.includes('${{'), run)
    })

    test('every job ends', () => {
      for (const job of Object.values(jobs)) {
        const minutes = job['timeout-minutes'] ?? Number.POSITIVE_INFINITY
        assert.ok(minutes <= 20)
      }
    })

    test('only the installed tidegate runs', () => {
      const scripts = stepsOf(one).map(({ run = '' }) => run)
      for (const script of scripts) assert.doesNotMatch(script, /npx (?!--no-install )/)
    })
  })
}

test('what runs for a fork knows no secret and reaches no environment', () => {
  const { text, jobs } = workflow('drift-fork.yml')
  assert.doesNotMatch(text, /secrets\.|github\.token|vars\./)
  for (const { environment, permissions } of Object.values(jobs)) {
    assert.equal(environment, undefined)
    assert.deepEqual(permissions, { contents: 'read' })
  }
})

test('what posts for a fork runs code of the base branch, and bounds what the fork made', () => {
  const one = workflow('drift-fork-comment.yml')
  assert.deepEqual(one.on, { workflow_run: { workflows: ['drift-fork'], types: ['completed'] } })
  assert.equal(workflow('drift-fork.yml').text.match(/^name: (.*)$/m)?.[1], 'drift-fork')
  assert.doesNotMatch(one.text, /secrets\.|environment:|actions\/download-artifact/)
  const script = stepsOf(one).find(({ run }) => run?.includes('unzip'))?.run ?? ''
  assert.match(script, /head -c 2000001 > report\.zip/)
  assert.match(script, /unzip -p report\.zip report\.json \| head -c 10000001 > report\.json/)
})

const SAME = { head: { repo: { full_name: 'acme/gateway' } }, user: { login: 'alice' } }
const FORK = { ...SAME, head: { repo: { full_name: 'fork/gateway' } } }
const BOT = { ...SAME, user: { login: 'dependabot[bot]' } }
const ON = { TIDEGATE_DRIFT: 'on' }
const RUN = { event: 'pull_request', head_repository: { full_name: 'fork/gateway' } }
const OWN_RUN = { ...RUN, head_repository: { full_name: 'acme/gateway' } }

const CONDITIONS: readonly [string, string, string, object, object, boolean][] = [
  ['drift.yml', 'a pull request', 'pull_request', { pull_request: SAME }, ON, true],
  ['drift.yml', 'a fork', 'pull_request', { pull_request: FORK }, ON, false],
  ['drift.yml', 'Dependabot', 'pull_request', { pull_request: BOT }, ON, false],
  ['drift.yml', 'a push', 'push', {}, ON, true],
  ['drift.yml', 'a schedule', 'schedule', {}, ON, true],
  ['drift.yml', 'a repository that is not set up', 'push', {}, {}, false],
  ['drift-fork.yml', 'a fork', 'pull_request', { pull_request: FORK }, {}, true],
  ['drift-fork.yml', 'a pull request', 'pull_request', { pull_request: SAME }, {}, false],
  ['drift-fork-comment.yml', 'a fork', 'workflow_run', { workflow_run: RUN }, {}, true],
  [
    'drift-fork-comment.yml',
    'a pull request',
    'workflow_run',
    { workflow_run: OWN_RUN },
    {},
    false,
  ],
  [
    'drift-fork-comment.yml',
    'a push',
    'workflow_run',
    { workflow_run: { ...RUN, event: 'push' } },
    {},
    false,
  ],
]

for (const [file, name, event_name, event, vars, expected] of CONDITIONS) {
  test(`${file} ${expected ? 'runs' : 'does not run'} for ${name}`, () => {
    const jobs = Object.values(workflow(file).jobs)
    const github = { event_name, event, repository: 'acme/gateway' }
    for (const job of jobs) {
      assert.equal(runInNewContext(job.if ?? 'true', { github, vars }), expected)
    }
  })
}

const PUSHED = { outputs: { pending: 'true' } }

const CHANGES: readonly [string, string, object, object, object, boolean][] = [
  ['plan', 'pull_request', { pull_request: SAME }, { TIDEGATE_APPLY: 'on' }, {}, true],
  ['plan', 'pull_request', { pull_request: SAME }, {}, {}, false],
  ['plan', 'pull_request', { pull_request: FORK }, { TIDEGATE_APPLY: 'on' }, {}, false],
  ['plan', 'pull_request', { pull_request: BOT }, { TIDEGATE_APPLY: 'on' }, {}, false],
  ['plan', 'push', {}, { TIDEGATE_APPLY: 'on' }, {}, true],
  ['apply', 'push', {}, {}, { plan: PUSHED }, true],
  ['apply', 'push', {}, {}, { plan: { outputs: {} } }, false],
  ['apply', 'pull_request', { pull_request: SAME }, {}, { plan: PUSHED }, false],
]

for (const [job, event_name, event, vars, needs, expected] of CHANGES) {
  test(`production-change.yml: ${job} of ${event_name} ${JSON.stringify({ vars, needs })}`, () => {
    const github = { event_name, event, repository: 'acme/gateway' }
    const condition = workflow('production-change.yml').jobs[job]!.if!
    assert.equal(runInNewContext(condition, { github, vars, needs }), expected)
  })
}

test('only what somebody has approved on main is applied', () => {
  const { plan, apply } = workflow('production-change.yml').jobs
  assert.equal(plan!.environment, 'production-readonly')
  assert.equal(apply!.environment, 'production')
})

const COMMANDS = WORKFLOWS.flatMap(stepsOf).flatMap(({ run = '' }) =>
  Array.from(run.matchAll(/npx --no-install tidegate (.*)$/gm), ([, args = '']) =>
    args.replace(/ \|\| code=\$\?$/, ''),
  ),
)

test('the workflows run five commands', () => assert.equal(COMMANDS.length, 5))

for (const line of new Set(COMMANDS)) {
  test(`tidegate understands: ${line}`, async (context) => {
    const words = line.split(' ')
    const names = words.slice(0, words[1] === 'render' ? 2 : 1)
    const { stdout } = await runCli([...names, '--help'], { cwd: ROOT })
    if (!stdout.startsWith(`tidegate ${names.join(' ')}`)) {
      context.skip(`there is no tidegate ${names.join(' ')} yet`)
      return
    }
    for (const flag of words.filter((word) => word.startsWith('--'))) {
      assert.match(stdout, new RegExp(`${flag}\\b`))
    }
  })
}
