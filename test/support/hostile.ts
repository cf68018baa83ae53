/**
 * Values as an attacker would name a channel. Deterministic: the same count and seed give the same
 * values. The first ones are the fixed samples, each alone; the others join several of them.
 */
export function hostileValues(count: number, seed = 1): string[] {
  const random = generator(seed)
  return Array.from({ length: count }, (_, index) => SAMPLES[index] ?? joined(random))
}

const SAMPLES: readonly string[] = [
  ...markdown(),
  ...html(),
  ...references(),
  ...terminal(),
  ...formatting(),
  ...structure(),
]

const PLAIN: readonly string[] = ['', ' ', '\n', '\r\n', '\t', '|', '\\', 'runway', '旧网关', '0']

function joined(random: () => number): string {
  const pick = (from: readonly string[]): string => from[Math.floor(random() * from.length)]!
  const parts = Array.from({ length: 1 + Math.floor(random() * 4) }, () =>
    random() < 0.25 ? pick(PLAIN) : pick(random() < 0.002 ? LONG : SAMPLES),
  )
  return parts.join(random() < 0.5 ? '' : pick(PLAIN))
}

/** mulberry32: enough for picking, and short. */
function generator(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

function markdown(): string[] {
  return [
    '**bold** _it_ ~~gone~~ `code`',
    '`',
    '``',
    '```\n# ✅ No drift\n```',
    ' ````js ',
    '`a` ``b`` ```c```',
    '# ✅ No drift',
    '\n\n## heading\n\n',
    '[click](https://evil.example/?a=b)',
    '![x](https://evil.example/pixel.png)',
    '[ref]: https://evil.example "t"',
    '[^1]',
    '[^1]: note',
    '- [x] done',
    '* * *',
    '---',
    '===',
    '> quoted',
    '1. one',
    '    indented',
    '| a | b |\n|---|---|\n| c | d |',
    'a|b',
    'a\\|b',
    'a\\\\|b',
    '|||||',
    '$$x^2$$',
    '\\',
    '\\`',
  ]
}

function html(): string[] {
  return [
    '</details>',
    '</summary></details><h1>No drift</h1>',
    '<img src=x onerror=alert(1)>',
    '<script>alert(1)</script>',
    '</script><script>alert(1)</script>',
    '</style><style>*{display:none}</style>',
    '<svg/onload=alert(1)>',
    '<a href="javascript:alert(1)">x</a>',
    '"><b onmouseover="alert(1)">',
    "' onfocus='alert(1)' autofocus='",
    '<!-- open',
    '--> <b>',
    '<!-- tidegate:drift:from=local:to=production -->',
    '&lt;b&gt; &amp; &#64;admin &colon;',
    '&nbsp;&#x202e;&#0;',
    '<https://evil.example>',
    '<?php ?>',
    '<!DOCTYPE html>',
    '<![CDATA[x]]>',
    ']]>',
    '&xxe;<!ENTITY xxe SYSTEM "file:///etc/passwd">',
    '{{constructor.constructor("alert(1)")()}}',
    '${{ github.token }}',
  ]
}

function references(): string[] {
  return [
    '@admin',
    '@org/team',
    'a@b.example',
    '＠admin',
    '#123',
    'owner/repo#123',
    'GH-1',
    'gh-77',
    'fixes #1',
    'Closes owner/repo#2, resolves GH-3',
    'da39a3ee5e6b4b0d3255bfef95601890afd80709',
    'deadbeef',
    'owner/repo@da39a3ee',
    'https://evil.example/x',
    'http://1.2.3.4',
    'ftp://evil.example',
    'www.evil.example',
    'WWW.evil.example',
    'mailto:a@b.example',
    'xmpp:a@b.example/c',
    'https:&#47;&#47;evil.example',
    ':tada:',
    ':+1::smile:',
    'a:b:c',
    '::',
  ]
}

function terminal(): string[] {
  return [
    '\u001b[31mred\u001b[0m',
    '\u001b[2J\u001b[H',
    '\u001b]0;title\u0007',
    '\u001b]8;;https://evil.example\u001b\\here\u001b]8;;\u001b\\',
    '\u001b]52;c;ZXZpbA==\u0007',
    '\u009b31m',
    '\rno drift',
    'a\bb\u007f',
    '::error::injected',
    '::error file=a,line=1::injected',
    '\n::add-mask::production',
    '\n::stop-commands::x\n',
    '%0A::set-output name=a::b',
    '##[error]injected',
    '\n##[group]x',
    '\u2028::warning::x',
    ' \t::notice::x',
    '%25%0D%0A%3A%2C',
    'a,line=9,title=b',
  ]
}

function formatting(): string[] {
  return [
    '\u202egnp.exe\u202c',
    '\u2066isolate\u2069',
    'zero\u200bwidth\u200c\u200d\ufeff',
    'soft\u00adhyphen',
    '\u{e0041}\u{e007f}tags',
    '\u3164\u115f\uffa0',
    '\ud800',
    '\udc00x',
    'x\udbff',
    '\u0000',
    'a\u0000b',
    '\ufffe\uffff\ufdd0',
    '\u0001\u000b\u000c\u001f',
    '👩‍👩‍👧‍👦👍🏽🇨🇳',
    'e\u0301\u0301\u0301',
    'ﷺ',
  ]
}

function structure(): string[] {
  return [
    '=1+1',
    '=HYPERLINK("https://evil.example")',
    '+1',
    '-1',
    '@SUM(A1)',
    '\t=1',
    '__proto__',
    'constructor',
    'toString',
    'hasOwnProperty',
    '{"__proto__":{"x":1}}',
    '{"a":',
    '"',
    "'",
    '""\'\'',
    'a\u0085b',
    '../../etc/passwd',
    '/absolute/path',
    'C:\\windows',
    'file name with spaces.ts',
    'a?b#c%20d',
    'NULL',
    '(empty)',
    '…',
    'a'.repeat(300),
    '旧'.repeat(250),
  ]
}

const LONG: readonly string[] = [
  '👍'.repeat(5_000),
  '`'.repeat(10_000),
  '@a'.repeat(5_000),
  '\u202e'.repeat(3_000),
  `<b>${'|'.repeat(8_000)}`,
  'x'.repeat(100_000),
]
