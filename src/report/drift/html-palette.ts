/** Colours, light and dark. Every text has a contrast of at least 4.5 on what it stands on. */
export const PALETTE = `
:root {
  --page: #f5f6f8; --card: #ffffff; --sunken: #f3f5f7; --line: #dce1e7; --strong-line: #b9c2cc;
  --text: #1b2430; --muted: #566171; --accent: #0b6373; --focus: #0b7f94;
  --error: #9d1c1c; --error-bg: #fdebea; --warning: #744700; --warning-bg: #fcf1d6;
  --note: #1f4f8c; --note-bg: #e8f0fb; --good: #14603a; --good-bg: #e3f4ea;
  --loud: #ffffff; --loud-bg: #86268a; --loud-tint: #f8ebf8;
  --gone-bg: #fdf0ef; --gone-mark: #f8cbc7; --new-bg: #edf8f0; --new-mark: #bfe6cb;
  --shadow: 0 1px 2px rgb(27 36 48 / 6%);
}
@media screen and (prefers-color-scheme: dark) {
  :root {
    --page: #10151b; --card: #181f27; --sunken: #12181f; --line: #2b3540; --strong-line: #46525f;
    --text: #e3e8ee; --muted: #9dabba; --accent: #6cc7d6; --focus: #6cc7d6;
    --error: #ffb0a8; --error-bg: #3e1f1e; --warning: #f3c873; --warning-bg: #392c12;
    --note: #a4c8f8; --note-bg: #1c2f48; --good: #8ed7ac; --good-bg: #163225;
    --loud: #ffffff; --loud-bg: #97369b; --loud-tint: #2e1b30;
    --gone-bg: #2c1d1f; --gone-mark: #6b2c2b; --new-bg: #172a21; --new-mark: #235c3b;
    --shadow: none;
  }
}
`
