/** The whole look of the report; nothing is fetched. */
export const style = `
:root { color-scheme: light dark; --ink: #1c2530; --soft: #5b6775; --paper: #ffffff; --back: #f4f6f8; --line: #dde3e9;
  --caller: #2f6fd6; --callee: #c2700a; --both: #5a6b7d; --card: #c8322b; --good: #1d7f4e; --bad: #c8322b; --link: #e6ecf2;
  --fill: #cfd8e1; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6ebf0; --soft: #9aa7b4; --paper: #171c22; --back: #0f1317;
  --line: #2b333c; --caller: #6aa2f5; --callee: #e8a13f; --both: #a3b1bf; --card: #ef6a62; --good: #51c08a; --bad: #ef6a62;
  --link: #222a33; --fill: #3a4651; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--back); color: var(--ink); font: 15px/1.5 system-ui, -apple-system, "Segoe UI", sans-serif; }
main { max-width: 1080px; margin: 0 auto; padding: 32px 20px 64px; }
h1 { font-size: 28px; line-height: 1.2; margin: 0 0 4px; }
h2 { font-size: 21px; margin: 0; }
h3 { font-size: 14px; margin: 26px 0 8px; color: var(--soft); font-weight: 600; letter-spacing: .02em; }
p { margin: 4px 0 12px; max-width: 76ch; }
.soft { color: var(--soft); }
section { background: var(--paper); border: 1px solid var(--line); border-radius: 10px; padding: 22px 26px 26px; margin-top: 22px; }
.head { display: flex; flex-wrap: wrap; gap: 8px 14px; align-items: baseline; justify-content: space-between; }
.pill { display: inline-block; padding: 1px 10px; border-radius: 99px; font-size: 13px; font-weight: 600; color: var(--paper); background: var(--good); }
.pill.bad { background: var(--bad); }
.mark { display: inline-block; padding: 1px 8px; border-radius: 4px; font-size: 13px; border: 1px solid var(--callee); color: var(--callee); }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 2px 18px; margin: 12px 0 16px; font-size: 14px; }
dt { color: var(--soft); } dd { margin: 0; overflow-wrap: anywhere; }
table { border-collapse: collapse; width: 100%; font-size: 14px; }
th { text-align: left; font-weight: 600; color: var(--soft); font-size: 13px; }
th, td { padding: 6px 12px 6px 0; border-bottom: 1px solid var(--line); vertical-align: top; }
tr:last-child td { border-bottom: 0; }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
code, .mono { font: 12.5px/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; overflow-wrap: anywhere; }
.yes { color: var(--good); font-weight: 700; } .no { color: var(--bad); font-weight: 700; }
.measured { display: flex; flex-wrap: wrap; gap: 2px 16px; font-variant-numeric: tabular-nums; }
.measured span { white-space: nowrap; } .measured b { font-weight: 600; } .measured i { font-style: normal; color: var(--soft); }
svg { display: block; width: 100%; height: auto; margin: 10px 0 0; font: 12px system-ui, sans-serif; }
svg .axis line { stroke: var(--soft); stroke-width: 1; } svg .axis text { fill: var(--soft); font-size: 11px; }
svg .label { fill: var(--ink); font-size: 13px; font-weight: 600; } svg .hint { fill: var(--soft); font-size: 11px; }
svg .note { fill: var(--ink); font-size: 11.5px; }
svg .turn text { fill: #fff; font-size: 11.5px; }
svg .turn.caller rect { fill: #2f6fd6; } svg .turn.callee rect { fill: #b5680a; } svg .turn.card rect { fill: #c8322b; }
svg .captured { fill: var(--fill); } svg .paused { fill: url(#hatch); stroke: var(--card); stroke-width: .8; }
svg .silence { fill: url(#hatch); }
svg .link { fill: var(--link); } svg .channel { fill: none; stroke: var(--line); }
svg .wave.caller { fill: var(--caller); } svg .wave.callee { fill: var(--callee); } svg .wave.both { fill: var(--both); }
svg .seam { stroke: var(--card); stroke-width: 1.5; stroke-dasharray: 4 3; }
audio { width: 100%; height: 36px; margin-top: 6px; }
details { margin-top: 26px; } summary { cursor: pointer; color: var(--soft); font-weight: 600; font-size: 14px; }
.scroll { overflow-x: auto; }
`;
