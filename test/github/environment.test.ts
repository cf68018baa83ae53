import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inspect } from 'node:util'
import { readEnvironment, requireToken } from '../../src/github/environment.ts'
import { ConfigError } from '../../src/errors.ts'

const GOOD = {
  GITHUB_REPOSITORY: 'acme/gateway',
  GITHUB_API_URL: 'https://api.github.example/',
  GITHUB_SERVER_URL: 'https://github.example',
  GITHUB_EVENT_NAME: 'pull_request',
  GITHUB_EVENT_PATH: '/run/event.json',
  GITHUB_RUN_ID: '42',
  GITHUB_TOKEN: 'ghs_test_0123456789abcdef',
}

const BAD: readonly [keyof typeof GOOD, string, string][] = [
  ['GITHUB_REPOSITORY', '', 'is not set'],
  ['GITHUB_REPOSITORY', 'gateway', 'is not owner/name of a repository'],
  ['GITHUB_REPOSITORY', 'acme/..', 'is not owner/name of a repository'],
  ['GITHUB_REPOSITORY', 'acme/gateway/pulls', 'is not owner/name of a repository'],
  ['GITHUB_REPOSITORY', 'acme/gateway?x', 'is not owner/name of a repository'],
  ['GITHUB_REPOSITORY', 'acme/gateway\n', 'is not owner/name of a repository'],
  ['GITHUB_API_URL', 'http://api.github.example', 'must be https://'],
  ['GITHUB_API_URL', 'http://127.0.0.1.github.example', 'must be https://'],
  ['GITHUB_API_URL', 'ftp://127.0.0.1', 'must be https://'],
  ['GITHUB_API_URL', 'api.github.example', 'is not a URL'],
  [
    'GITHUB_API_URL',
    'https://me:pw@github.example',
    'must be a plain address, without user, query or fragment',
  ],
  [
    'GITHUB_API_URL',
    'https://github.example/?a=1',
    'must be a plain address, without user, query or fragment',
  ],
  ['GITHUB_SERVER_URL', 'http://github.example', 'must be https://'],
  ['GITHUB_EVENT_NAME', 'Pull Request', 'is not the name of an event'],
  ['GITHUB_EVENT_PATH', 'event.json', 'is not an absolute path'],
  ['GITHUB_EVENT_PATH', '/run/event\n.json', 'holds a control character'],
  ['GITHUB_RUN_ID', '4x', 'is not a number'],
  ['GITHUB_TOKEN', 'ghs_a\r\nx-other: b', 'holds a control character'],
]

for (const [name, value, problem] of BAD) {
  test(`${name}=${JSON.stringify(value)} ${problem}`, () => {
    assert.throws(
      () => readEnvironment({ ...GOOD, [name]: value }),
      (error) => {
        assert.ok(error instanceof ConfigError)
        assert.deepEqual(error.faults, [{ source: name, problem }])
        assert.match(error.nextStep ?? '', /GitHub Actions/)
        return true
      },
    )
  })
}

test('the variables of Actions are read', () => {
  const { token, ...rest } = readEnvironment(GOOD)
  assert.equal(token?.reveal(), GOOD.GITHUB_TOKEN)
  assert.deepEqual(rest, {
    repository: { owner: 'acme', name: 'gateway' },
    apiUrl: 'https://api.github.example',
    eventName: 'pull_request',
    eventPath: '/run/event.json',
    runUrl: 'https://github.example/acme/gateway/actions/runs/42',
  })
})

for (const url of ['http://127.0.0.1:8080', 'http://[::1]:8080', 'http://localhost:8080']) {
  test(`${url} may be plain HTTP`, () => {
    assert.equal(readEnvironment({ ...GOOD, GITHUB_API_URL: url }).apiUrl, url)
  })
}

test('everything that is missing is said at once', () => {
  assert.throws(
    () => readEnvironment({}),
    (error) => error instanceof ConfigError && error.faults.length === 6,
  )
})

test('the token does not show', () => {
  const environment = readEnvironment(GOOD)
  assert.doesNotMatch(JSON.stringify(environment) + inspect(environment), /ghs_test/)
})

test('a missing token says how to give one', () => {
  const environment = readEnvironment({ ...GOOD, GITHUB_TOKEN: '' })
  assert.throws(
    () => requireToken(environment),
    (error) =>
      error instanceof ConfigError &&
      /GITHUB_TOKEN: \$\{\{ github\.token \}\}/.test(error.nextStep ?? '') &&
      /permissions: pull-requests: write/.test(error.nextStep ?? ''),
  )
})
