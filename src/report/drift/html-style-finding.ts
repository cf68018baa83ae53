/** Groups, findings, and the values in them. */
export const FINDING_STYLE = `
.findings { display: grid; grid-template-columns: minmax(0, 1fr); gap: .5rem; }
.group + .group { margin-top: 1rem; }
.group {
  background: var(--card); border: 1px solid var(--line); border-radius: 10px; box-shadow: var(--shadow);
}
.group h3 {
  display: flex; justify-content: space-between; align-items: baseline; gap: 1rem;
  padding: .75rem 1.25rem; font-size: 1rem;
}
.group h3 small { display: block; }
.group h3 .count { color: var(--muted); font-weight: 500; font-variant-numeric: tabular-nums; white-space: nowrap; }
.finding { border-top: 1px solid var(--line); content-visibility: auto; contain-intrinsic-size: auto 4.1rem; }
.finding[open] { contain-intrinsic-size: auto 18rem; }
.finding:last-child { border-end-start-radius: 10px; border-end-end-radius: 10px; }
summary {
  display: grid; grid-template-columns: .75rem 4.75rem minmax(0, 1fr) auto; gap: .1rem .75rem;
  align-items: baseline; padding: .6rem 1.25rem; cursor: pointer; list-style: none;
}
summary::-webkit-details-marker { display: none; }
summary::before { content: "›"; color: var(--muted); font-size: 1.2em; line-height: 1; }
[open] > summary::before { transform: rotate(90deg) translateX(.1em); }
summary:hover { background: var(--sunken); }
summary:focus-visible { outline-offset: -2px; }
.chip {
  padding: .05rem .55rem; border-radius: 99px; font-size: .8rem; line-height: 1.5; white-space: nowrap;
  border: 1px solid var(--line); color: var(--muted);
}
.severity.chip { text-align: center; border-color: transparent; font-weight: 600; }
.severity.error { background: var(--error-bg); color: var(--error); }
.severity.warning { background: var(--warning-bg); color: var(--warning); }
.severity.note { background: var(--note-bg); color: var(--note); }
.key {
  font-weight: 600; display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 3;
  overflow: hidden;
}
.key > * + *::before { content: "·"; margin-inline: .45em; color: var(--muted); font-weight: 400; }
.key .of { color: var(--muted); font-weight: 500; }
.preview {
  grid-column: 3 / -1; display: flex; flex-wrap: wrap; column-gap: 1.25rem;
  color: var(--muted); font-size: .93em; overflow: hidden;
}
[open] > summary .preview { visibility: hidden; height: 0; }

.body { padding: .1rem 1.25rem 1.1rem 3.5rem; display: grid; grid-template-columns: minmax(0, 1fr); gap: .9rem; }
.cells { table-layout: fixed; }
.cells th:first-child { width: 22%; }
.cells th, .cells td { padding: .4rem .6rem; }
.cells thead th { padding-block: 0 .3rem; }
.cells tbody > tr > * { border-top: 1px solid var(--line); }
.cells th:first-child { padding-inline-start: 0; }
.cells tbody th { font-weight: 500; }
.column, .path { display: block; }
.path { color: var(--muted); }
.path::before { content: "› "; }
.tag { font-size: .8rem; color: var(--warning); margin-inline-end: .5rem; font-weight: 400; }
.value {
  display: block; max-height: 18rem; overflow: auto; white-space: break-spaces;
}
.preview .value { display: inline; }
td.base { color: var(--muted); }
td.from.moved { background: var(--gone-bg); }
td.to.moved { background: var(--new-bg); }
mark { color: inherit; border-radius: 3px; background: var(--new-mark); }
.from mark, .from .sign { background: var(--gone-mark); }
.members { display: flex; flex-wrap: wrap; gap: .3rem .4rem; padding-top: .4rem; max-height: 18rem; overflow: auto; }
.members li { display: inline-flex; max-width: 100%; border-radius: 5px; overflow: hidden; border: 1px solid var(--strong-line); }
.members .value { padding-inline: .4rem; max-height: none; }
.members .nothing { padding-inline: .4rem; }
.sign { padding-inline: .4rem; font-weight: 700; background: var(--new-mark); }

.acceptance { padding: .6rem .9rem; border-radius: 8px; background: var(--sunken); }
.resolutions { display: grid; gap: .7rem; }
.resolutions li { display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: .25rem .5rem; align-items: start; }
.resolutions p { grid-column: 1 / -1; }
.resolutions p::first-letter { text-transform: uppercase; }
.command {
  padding: .5rem .8rem; border-radius: 8px; background: var(--sunken); border: 1px solid var(--line);
  white-space: pre-wrap; max-height: 18rem; overflow: auto;
}
.origin { display: flex; flex-wrap: wrap; gap: .1rem 1.5rem; color: var(--muted); font-size: .87em; }
@media (max-width: 44rem) {
  .group h3, summary { padding-inline: .9rem; }
  summary { grid-template-columns: .6rem auto minmax(0, 1fr) auto; column-gap: .5rem; }
  .key { grid-column: 2 / -1; grid-row: 2; }
  summary .chip:not(.severity) { grid-column: 4; }
  .preview { grid-column: 2 / -1; }
  .body { padding-inline: .9rem; }
  .cells th:first-child { width: auto; }
  .cells tbody th { padding-inline: 0; }
  .cells td { border-radius: 6px; }
  .resolutions li { grid-template-columns: minmax(0, 1fr); }
  .resolutions button { justify-self: start; }
}
`
