/** What pages have in common: text, the verdict, facts side by side. */
export const PAGE_STYLE = `
* { box-sizing: border-box; }
[hidden] { display: none !important; }
html { scroll-padding-block: 4.5rem 1rem; }
body {
  margin: 0; background: var(--page); color: var(--text);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "PingFang SC",
    "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans", sans-serif;
  overflow-wrap: anywhere; -webkit-text-size-adjust: 100%;
}
code, .value, .column, .path, kbd, pre {
  font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", "PingFang SC",
    "Microsoft YaHei", "Noto Sans Mono CJK SC", monospace;
  font-size: .87em;
}
header, main, footer { max-width: 68rem; margin-inline: auto; padding-inline: 1.5rem; }
header { padding-block: 2rem 0; }
main { display: grid; grid-template-columns: minmax(0, 1fr); gap: 2rem; padding-block: 1.5rem 2rem; }
footer { padding-bottom: 2.5rem; color: var(--muted); font-size: .87em; }
h1, h2, h3, p, ul, dl, dd, pre { margin: 0; padding: 0; }
ul { list-style: none; }
h2 { font-size: 1.13rem; line-height: 1.3; }
small { font-size: .87em; color: var(--muted); font-weight: 400; }
.note, .nothing { color: var(--muted); }
.nothing { font-style: italic; font-size: .93em; }
:focus-visible { outline: 2px solid var(--focus); outline-offset: 2px; border-radius: 4px; }

.verdict {
  padding: 1.5rem 1.75rem; border: 1px solid; border-radius: 12px;
  display: grid; gap: .35rem;
}
.verdict.clean { background: var(--good-bg); border-color: var(--good); }
.verdict.clean h1 { color: var(--good); }
.verdict.passing { background: var(--note-bg); border-color: var(--note); }
.verdict.passing h1 { color: var(--note); }
.verdict.failing { background: var(--error-bg); border-color: var(--error); }
.verdict.failing h1 { color: var(--error); }
.verdict.incomplete { background: var(--loud-bg); border-color: var(--loud-bg); color: var(--loud); }
.verdict h1 { font-size: 1.45rem; line-height: 1.3; letter-spacing: -.005em; text-wrap: pretty; }
.verdict .sides { font-weight: 600; }
.arrow { margin-inline: .5em; }
.counts { display: flex; flex-wrap: wrap; gap: .5rem; padding-top: .6rem; }
.counts li { padding: .1rem .75rem; border-radius: 99px; }
.counts li.severity { background: var(--card); }
.verdict p:not(.sides)::first-letter { text-transform: uppercase; }

.facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(17rem, 100%), 1fr)); gap: 1rem; }
.facts article {
  background: var(--card); border: 1px solid var(--line); border-radius: 10px;
  padding: 1rem 1.25rem; box-shadow: var(--shadow);
}
.facts h2 { margin-bottom: .6rem; }
.facts .role {
  display: block; color: var(--muted); font-size: .8rem; font-weight: 500;
}
.facts dl, dialog dl { display: grid; gap: .3rem; }
.facts dl div { display: grid; grid-template-columns: 5rem minmax(0, 1fr); gap: .5rem; }
dt { color: var(--muted); }

table { width: 100%; border-collapse: collapse; text-align: start; }
th, td { text-align: start; vertical-align: top; }
thead th { color: var(--muted); font-weight: 500; font-size: .87em; }
`

/** Phones: wide tables become cards. */
export const NARROW_STYLE = `
@media (max-width: 44rem) {
  header, main, footer { padding-inline: 1rem; }
  header { padding-top: 1rem; }
  main { gap: 1.5rem; }
  .verdict { padding: 1.1rem 1.2rem; }
  .verdict h1 { font-size: 1.2rem; }
  .line { position: static; }
  html { scroll-padding-block: 1rem; }
  fieldset { display: block; }
  legend { float: none; }
  .cards, .cards tbody, .cards tr, .cards th { display: block; }
  .cards thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  .cards tbody tr { padding-block: .5rem; border-top: 1px solid var(--line); }
  .cards tbody tr:first-child { border-top: 0; }
  .cards tbody > tr > * { border: 0; padding-block: .2rem; }
  .cards td { display: grid; grid-template-columns: 5.5rem minmax(0, 1fr); gap: .5rem; align-items: baseline; }
  .cards td::before {
    content: attr(data-label); color: var(--muted); font-size: .87em; unicode-bidi: isolate;
    overflow: hidden; text-overflow: ellipsis; white-space: nowrap;
  }
}
`

export const PRINT_STYLE = `
@media print {
  body { background: none; font-size: 10.5pt; }
  #filters, .line, fieldset, button { display: none !important; }
  header, main, footer { max-width: none; padding-inline: 0; }
  .finding { break-inside: avoid-page; content-visibility: visible !important; }
  .finding::details-content { content-visibility: visible; block-size: auto; }
  .value, .command { max-height: none !important; overflow: visible !important; }
  .verdict, .chip, .status, .moved { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
`
