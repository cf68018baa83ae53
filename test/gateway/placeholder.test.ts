import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { PLACEHOLDER_PREFIX, placeholderFor } from '../../src/gateway/placeholder.ts'

describe('a placeholder', () => {
  it('is one line that shows what it is', () => {
    assert.match(placeholderFor('channels', ['a', '1']), /^tidegate-placeholder: [\w ]+$/)
  })

  it('of a token is as long as its column, its own, and the same each time', () => {
    const names = ['a', 'b', '', '令牌', 'a'.repeat(200)]
    const all = names.flatMap((user) => names.map((name) => placeholderFor('tokens', [user, name])))
    for (const key of all) assert.match(key, /^tidegate-placeholder-[a-z0-9]{27}$/)
    assert.equal(new Set(all).size, all.length)
    assert.equal(placeholderFor('tokens', ['a', 'b']), all[1])
    assert.notEqual(placeholderFor('tokens', ['a,b', '']), placeholderFor('tokens', ['a', 'b,']))
  })

  it('is FNV-1a of the row in base 36', () => {
    // FNV-1a-128 of `[]`, by another implementation.
    assert.equal(placeholderFor('tokens', []), `${PLACEHOLDER_PREFIX}-000i4cjhkcgtr7d4cugljqebz3p`)
  })
})
