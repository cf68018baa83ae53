import { PALETTE } from '../drift/html-palette.ts'
import { FINDING_STYLE } from '../drift/html-style-finding.ts'
import { FILTER_STYLE } from '../html/filter-style.ts'
import { NARROW_STYLE, PAGE_STYLE, PRINT_STYLE } from '../html/page-style.ts'
import { MATRIX_STYLE } from './html-style-matrix.ts'
import { ROUTE_STYLE } from './html-style-route.ts'

/** Checks, and findings as cards with the rows that prove them. */
const CARD_STYLE = `
.facts dl div { grid-template-columns: 6.5rem minmax(0, 1fr); }
dd small { margin-inline-start: .4rem; }
.severity.critical { background: var(--crash); color: var(--crash-ink); }
.severity.info { background: var(--note-bg); color: var(--note); }
.counts li.severity.critical { background: var(--crash); color: var(--crash-ink); }

.checks { display: grid; gap: .75rem; }
.checks > ul {
  display: grid; grid-template-columns: repeat(auto-fill, minmax(min(21rem, 100%), 1fr)); gap: .75rem;
}
.checks > ul > li {
  display: grid; grid-template-columns: auto minmax(0, 1fr) auto; gap: .8rem; align-items: start; padding: .8rem 1rem;
  background: var(--card); border: 1px solid var(--line); border-radius: 10px; box-shadow: var(--shadow);
}
.checks p { color: var(--muted); font-size: .93em; }
.checks .rules { display: flex; flex-wrap: wrap; gap: .3rem; }
.ok > .sign { background: var(--served); color: var(--served-ink); }
.failed > .sign { background: var(--refused); color: var(--refused-ink); }
.info > .sign { background: var(--note-bg); color: var(--note); }

.findings > .finding {
  background: var(--card); border: 1px solid var(--line); border-radius: 10px; box-shadow: var(--shadow);
}
.finding .key { display: block; }
.finding .key .of { font-variant-numeric: tabular-nums; }
.finding .body { scroll-margin-top: 8.5rem; border-top: 1px solid var(--line); padding: 1rem 1.25rem 1.2rem 1.25rem; }
.finding .body:target { border-radius: 0 0 9px 9px; box-shadow: inset 3px 0 0 var(--accent); }
.message { max-width: 48rem; }
.repair { display: grid; grid-template-columns: minmax(0, 1fr); gap: .5rem; padding: .9rem 1.1rem; border-radius: 10px; background: var(--sunken); }
.advice { max-width: 48rem; }
.affected { display: grid; gap: .3rem; }
.affected > p { color: var(--muted); font-size: .93em; }
.affected ul { display: flex; flex-wrap: wrap; gap: .35rem; }
.affected li:not(.note) { padding: .05rem .6rem; border: 1px solid var(--line); border-radius: 99px; font-size: .93em; }
.times { color: var(--muted); margin-inline: .35em; }
.evidence { overflow-x: auto; border: 1px solid var(--line); border-radius: 8px; }
.evidence table { width: auto; overflow-wrap: normal; font-size: .93em; }
.evidence caption { text-align: start; padding: .5rem .9rem .3rem; color: var(--muted); }
.evidence th, .evidence td { padding: .35rem .9rem; }
.evidence thead code { font-size: 1em; }
.evidence tbody tr > * { border-top: 1px solid var(--line); }
.evidence tbody th { font-weight: 500; white-space: nowrap; }
.evidence .value { max-width: 30rem; overflow-wrap: anywhere; min-width: 4rem; }
@media (max-width: 44rem) {
  summary { grid-template-columns: .6rem auto minmax(0, 1fr) auto; }
  .finding .body { padding-inline: .9rem; }
  .finding .body, html { scroll-margin-top: 5rem; }
}
@media print {
  .finding .body { border-top: 0; }
}
`

/** The page's style. Constant, since the page's policy names it by its hash. */
export const STYLE =
  PALETTE +
  PAGE_STYLE +
  FILTER_STYLE +
  FINDING_STYLE +
  MATRIX_STYLE +
  ROUTE_STYLE +
  CARD_STYLE +
  NARROW_STYLE +
  PRINT_STYLE

/** Of the style above, as the page's policy names it. */
export const STYLE_HASH = 'sha256-5DRUrlZxtMgk69Hz8Zhy3aUlIyrOHaIt6Rn4ZyY6i38='
