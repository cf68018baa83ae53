/** The panel of a route, and its stages. */
export const ROUTE_STYLE = `
.route {
  border: 1px solid var(--line); background: var(--card); color: var(--text); padding: 0;
}
.route[popover] {
  position: fixed; inset: 0 0 0 auto; margin: 0; width: min(34rem, 100vw); height: 100dvh; max-height: none;
  overflow: auto; overscroll-behavior: contain; border-width: 0 0 0 1px; box-shadow: -8px 0 32px rgb(10 16 24 / 22%);
}
.route.alone { border-radius: 10px; box-shadow: var(--shadow); }
.route.alone h3 { padding: .9rem 1.5rem 0; }
.route-head {
  position: sticky; top: 0; z-index: 1; display: flex; justify-content: space-between; align-items: center; gap: 1rem;
  padding: .8rem 1.5rem; background: var(--card); border-bottom: 1px solid var(--line);
}
.route h3 { font-size: 1.05rem; }
.route-head small { flex: 1; }
.route .close { border-color: transparent; padding: .2rem .6rem; }
.story { padding: 1.1rem 1.5rem 1.5rem; display: grid; grid-template-columns: minmax(0, 1fr); gap: 1.1rem; }
.story + .story { border-top: 1px solid var(--line); }
.outcome { display: grid; grid-template-columns: auto minmax(0, 1fr); column-gap: .75rem; align-items: baseline; }
.outcome .cell { grid-row: span 2; padding: .3rem .5rem; font-size: .93rem; align-self: start; }
.outcome b::first-letter { text-transform: uppercase; }
.outcome > span:last-child { color: var(--muted); font-size: .93em; }
.outcome > span:last-child::first-letter { text-transform: uppercase; }

.steps, .tiers { list-style: none; margin: 0; padding: 0; }
.steps > li {
  position: relative; display: grid; grid-template-columns: 1.6rem 4.5rem minmax(0, 1fr); gap: 0 .75rem;
  padding-block-end: .75rem; align-items: baseline;
}
.steps > li:last-child { padding-bottom: 0; }
.steps > li:not(:last-child)::after {
  content: ""; position: absolute; inset-inline-start: .75rem; top: 1.5rem; bottom: 0; border-inline-start: 2px solid var(--line);
}
.steps > .passed:not(:last-child)::after, .steps > .weak:not(:last-child)::after { border-color: var(--good); }
.steps > .broken:not(:last-child)::after, .steps > .unreached:not(:last-child)::after { border-inline-start-style: dotted; border-color: var(--strong-line); }
.sign, .steps > li::before {
  width: 1.6rem; height: 1.6rem; line-height: 1.6rem; border-radius: 99px; text-align: center; font-weight: 700; font-size: .87rem;
}
.steps > .passed::before { content: "✓"; background: var(--served); color: var(--served-ink); }
.steps > .weak::before { content: "~"; background: var(--weak); color: var(--weak-ink); }
.steps > .broken::before { content: "✕"; background: var(--refused); color: var(--refused-ink); }
.steps > .unreached::before { content: "·"; background: var(--sunken); color: var(--muted); }
.stage { color: var(--muted); }
.broken > .stage { color: var(--error); font-weight: 700; }
.weak > .stage { color: var(--warning); font-weight: 700; }
.unreached .at { color: var(--muted); }
.steps .at { font-weight: 500; }
.tiers { display: grid; gap: .6rem; }
.tiers p { color: var(--muted); font-weight: 400; font-size: .93em; }
.tiers ul li {
  display: grid; grid-template-columns: minmax(0, 1fr) 4.5rem 3rem 2.6rem; gap: .6rem; align-items: center;
}
.chance { text-align: end; font-variant-numeric: tabular-nums; }
.fault { display: block; color: var(--error); font-size: .93em; }
.weak .fault { color: var(--warning); }
.tiers + .fault { margin-top: .4rem; }
meter { width: 100%; height: .55rem; border: 0; border-radius: 99px; background: var(--line); }
meter::-webkit-meter-bar { border: 0; border-radius: 99px; background: var(--line); height: .55rem; }
meter::-webkit-meter-optimum-value { background: var(--good); border-radius: 99px; }
meter::-moz-meter-bar { background: var(--good); border-radius: 99px; }
.faulty meter::-webkit-meter-optimum-value { background: var(--error); }
.faulty meter::-moz-meter-bar { background: var(--error); }
.rule {
  display: inline-block; padding: 0 .4rem; border-radius: 4px; border: 1px solid var(--strong-line); color: var(--accent);
  font-size: .8rem; font-weight: 600; font-variant-numeric: tabular-nums; text-decoration: none; white-space: nowrap;
}
span.rule { color: var(--muted); }
a.rule:hover { text-decoration: underline; border-color: var(--accent); }

.cause { display: grid; grid-template-columns: minmax(0, 1fr); gap: .5rem; padding: .9rem 1.1rem; border-radius: 10px; background: var(--sunken); }
h4 { margin: 0; font-size: 1em; }
.copyable { display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: .5rem; align-items: start; }
.copyable pre { background: var(--card); }
.same summary { display: block; padding: .2rem 0; color: var(--muted); }
.same summary::before { display: inline-block; margin-inline-end: .5rem; }
.same ul { display: flex; flex-wrap: wrap; gap: .2rem .9rem; max-height: 14rem; overflow: auto; padding-top: .3rem; }
@media (max-width: 44rem) {
  .route[popover] { inset: auto 0 0 0; width: 100vw; height: auto; max-height: 82dvh; border-width: 1px 0 0; border-radius: 14px 14px 0 0; }
  .route-head, .story { padding-inline: 1rem; }
  .steps > li { grid-template-columns: 1.6rem 4rem minmax(0, 1fr); }
  .tiers ul li { grid-template-columns: minmax(0, 1fr) 3rem 2.6rem; }
  .tiers meter { grid-column: 1 / -1; grid-row: 2; }
}
`
