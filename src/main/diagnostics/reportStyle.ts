/** The looks of a report: on a screen of either kind, and on paper. */
export const reportStyle = `
:root { color-scheme: light dark; --ink: #10242d; --soft: #465d68; --page: #ffffff; --line: #c3d0d6; --one: #0b6b7e; --two: #a04b00; }
@media (prefers-color-scheme: dark) { :root { --ink: #e9f2f5; --soft: #a6bac3; --page: #0f191e; --line: #3a4d57; --one: #5fcbdc; --two: #f0ac5c; } }
@media print { :root { --ink: #000; --soft: #333; --page: #fff; --line: #999; --one: #0b6b7e; --two: #a04b00; } section { break-inside: avoid-page; } }
* { box-sizing: border-box; }
body { max-width: 60rem; margin: 0 auto; padding: 1.5rem 1rem; background: var(--page); color: var(--ink); font: 100%/1.45 system-ui, sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 1.6rem; margin: 0 0 .5rem; }
h2 { font-size: 1.2rem; margin: 2rem 0 .5rem; padding-top: 1rem; border-top: 1px solid var(--line); }
p { margin: .25rem 0; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; margin: .75rem 0; font-variant-numeric: tabular-nums; }
caption { text-align: start; color: var(--soft); font-size: .875rem; padding-bottom: .25rem; }
th, td { text-align: start; vertical-align: top; padding: .3rem .75rem .3rem 0; border-bottom: 1px solid var(--line); }
tbody th { width: 40%; font-weight: 500; }
.facts caption { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.facts { position: relative; }
.wide table { min-width: 36rem; }
.wide th, .wide td { overflow-wrap: break-word; word-break: normal; }
figure { margin: 1.25rem 0; }
figure svg[role] { display: block; width: 100%; height: 7rem; border: 1px solid var(--line); }
.line { fill: none; stroke: var(--one); stroke-width: 1.75; vector-effect: non-scaling-stroke; }
.line-inputDb { stroke: var(--two); stroke-dasharray: 4 3; }
.frame { display: grid; grid-template-columns: 4rem minmax(0, 1fr); gap: .125rem .5rem; }
.scale, .times { display: flex; gap: 1rem; justify-content: space-between; margin: 0; color: var(--soft); font-size: .8125rem; }
.scale { flex-direction: column; text-align: end; white-space: nowrap; }
.times { grid-column: 2; }
.key { display: flex; flex-wrap: wrap; gap: 0 1.5rem; margin: .25rem 0; padding: 0; list-style: none; font-size: .875rem; }
.key svg { width: 30px; height: 6px; vertical-align: middle; }
.timeline { margin: .5rem 0; padding: 0; list-style: none; }
.timeline time { color: var(--soft); font-variant-numeric: tabular-nums; margin-inline-end: .75rem; }
`;
