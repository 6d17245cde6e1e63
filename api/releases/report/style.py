"""How the report's page looks, on a phone, a screen and paper."""

from api.releases.report.markup import Html

STYLE = Html("""
:root { color-scheme: light; }
body {
  font: 1rem/1.5 system-ui, sans-serif; color: #1b1b1b; background: #fff;
  max-width: 62rem; margin: 0 auto; padding: 1rem;
}
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 .5rem; }
h2 { font-size: 1.2rem; margin: 2rem 0 .5rem; padding-top: .5rem; border-top: 1px solid #767676; }
h3 { font-size: 1rem; margin: 1rem 0 .25rem; }
.statement { border-left: .3rem solid #1d4f91; padding: .25rem .75rem; }
table { border-collapse: collapse; width: 100%; margin: .5rem 0 1rem; font-variant-numeric: tabular-nums; }
caption { text-align: left; font-weight: 600; padding: .25rem 0; }
th, td {
  text-align: left; vertical-align: top; padding: .3rem .5rem .3rem 0;
  border-bottom: 1px solid #c4c4c4;
}
td { overflow-wrap: anywhere; min-width: 3.5rem; }
th[scope=row] { font-weight: 400; overflow-wrap: anywhere; min-width: 5.5rem; }
.heard { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
code { font-size: .8rem; overflow-wrap: anywhere; }
figure { margin: .5rem 0; }
svg { display: block; width: 100%; max-width: 26rem; height: auto; font-family: system-ui, sans-serif; }
.note { color: #4a4a4a; }
.beside { display: grid; gap: 1rem 2rem; align-items: start; }
@media (min-width: 48rem) { .beside { grid-template-columns: 1fr 1fr; } }
@page { size: A4; margin: 16mm; }
@media print {
  body { font-size: 10pt; padding: 0; max-width: none; }
  .beside { grid-template-columns: 1fr 1fr; }
  .beside, tr { break-inside: avoid; }
  h2, caption { break-after: avoid; }
}
""")
