"""How pages and pictures look: colours for light and dark places, and for paper."""

LIGHT = """\
--paper: #ffffff; --ink: #1c2126; --soft: #5b6670; --line: #d5dadf; --rise: #f4f6f8;
--c0: #2f6db3; --c1: #b4561f; --c2: #2d7d5a; --c3: #8a4fa3; --c4: #8a7214; --c5: #b23a5b; --c6: #26798a; --c7: #59636d;
--won: #2d7d46; --lost: #b3403a;"""
DARK = """\
--paper: #15191d; --ink: #e6eaee; --soft: #9aa6b1; --line: #39424b; --rise: #1e242a;
--c0: #6ba6e6; --c1: #e5935c; --c2: #63b894; --c3: #c194d8; --c4: #cbb04a; --c5: #e58aa3; --c6: #62b6c6; --c7: #a3adb7;
--won: #66ba7d; --lost: #e37f78;"""

FONT = "system-ui, 'Segoe UI', Roboto, 'Noto Sans', 'DejaVu Sans', sans-serif"


def themed(root: str) -> str:
    """Return the rules that give an element the colours of the place where it is shown."""
    return (
        f"{root} {{ color-scheme: light dark; {LIGHT} }}\n"
        f"@media (prefers-color-scheme: dark) {{ {root} {{ {DARK} }} }}\n"
        f"@media print {{ {root} {{ color-scheme: light; {LIGHT} }} }}\n"
    )


SERIES = 8
"""So many series have a colour of their own."""
_SERIES = "".join(f".chart .color-{at} {{ fill: var(--c{at}); }}\n" for at in range(SERIES))

CHART = f"""\
.chart {{ font-family: {FONT}; }}
.chart .paper {{ fill: var(--paper); }}
.chart .background {{ fill: none; }}
.chart .line {{ fill: none; stroke: var(--line); }}
.chart .line.zero {{ stroke: var(--soft); }}
{_SERIES}.chart .won rect {{ fill: var(--won); }}
.chart .lost rect {{ fill: var(--lost); }}
.chart text {{ font-size: 13px; fill: var(--ink); font-variant-numeric: tabular-nums; }}
.chart .axis.x text, .chart .title, .chart .left-out {{ font-size: 12px; fill: var(--soft); }}
.chart .axis.x text, .chart .title {{ text-anchor: middle; }}
.chart .name {{ text-anchor: end; }}
.chart .name.above {{ text-anchor: start; }}
.chart .heading {{ font-size: 15px; font-weight: 600; }}
"""
"""The rules for charts; the colours of series come before those of outcomes, which repeat what labels say."""

PAGE = f"""\
body {{ margin: 0; background: var(--paper); color: var(--ink); font: 15px/1.5 {FONT}; }}
main {{ max-width: 60rem; margin: 0 auto; padding: 1.5rem 1.25rem 3rem; overflow-wrap: anywhere; }}
main.wide {{ max-width: none; }}
h1 {{ font-size: 1.7rem; line-height: 1.25; margin: 0 0 .75rem; }}
h2 {{ font-size: 1.3rem; line-height: 1.3; margin: 2rem 0 .5rem; }}
h3 {{ font-size: 1.05rem; margin: 1.5rem 0 .5rem; }}
.kicker {{ margin: 0; color: var(--soft); font-size: .85rem; letter-spacing: .02em; }}
a {{ color: var(--c0); }}
dl {{ display: flex; flex-wrap: wrap; gap: .4rem 1.75rem; margin: 0 0 1rem; }}
dt {{ color: var(--soft); font-size: .85rem; }}
dd {{ margin: 0; }}
nav ul {{ display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; list-style: none; margin: 0; padding: .75rem 0;
  border-top: 1px solid var(--line); border-bottom: 1px solid var(--line); }}
section {{ margin-top: 2.5rem; padding-top: 1.25rem; border-top: 1px solid var(--line); }}
section h2 {{ margin-top: 0; }}
nav + section {{ border-top: 0; margin-top: .5rem; }}
figure {{ margin: .5rem 0 1rem; }}
figcaption, .empty {{ color: var(--soft); font-size: .9rem; }}
svg.chart {{ display: block; width: 100%; height: auto; max-width: 760px; }}
svg.chart.narrow {{ display: none; }}
.scroll {{ overflow-x: auto; margin: 0 0 1.5rem; }}
table {{ border-collapse: collapse; font-size: .92rem; }}
th, td {{ text-align: left; vertical-align: top; padding: .35rem 1.1rem .35rem 0; overflow-wrap: normal; }}
th {{ color: var(--soft); font-weight: 600; vertical-align: bottom; }}
tr {{ border-bottom: 1px solid var(--line); }}
.figure {{ text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }}
th.figure {{ white-space: normal; }}
td.text {{ white-space: pre-wrap; min-width: 7rem; }}
.bar {{ display: block; height: .9em; min-width: 1px; margin-top: .3em; background: var(--c0); }}
.bar.won {{ background: var(--won); }}
.bar.lost {{ background: var(--lost); }}
tr.total td {{ font-weight: 600; border-top: 2px solid var(--soft); }}
.passage {{ background: var(--rise); padding: .25rem 1rem .75rem; margin: 1rem 0; border-radius: 6px; }}
.passage h2, .passage h3 {{ font-size: 1rem; margin: .6rem 0 .3rem; }}
.passage table {{ font-size: .87rem; }}
.passage tr {{ border: 0; }}
.passage th {{ vertical-align: top; }}
.passage th, .passage td {{ padding-top: .15rem; padding-bottom: .15rem; }}
.passage td.text {{ overflow-wrap: anywhere; }}
@media (max-width: 640px) {{
  main {{ padding: 1rem 10px 2rem; }}
  svg.chart.wide {{ display: none; }}
  th, td {{ padding-right: .7rem; }}
  td.text {{ min-width: 5.5rem; }}
  svg.chart.narrow {{ display: block; max-width: 480px; }}
  .passage {{ padding: .25rem .6rem .6rem; }}
  .passage tr, .passage th, .passage td {{ display: block; }}
  .passage th {{ padding-bottom: 0; }}
}}
@media print {{
  @page {{ margin: 14mm; }}
  body {{ font-size: 10.5pt; }}
  main {{ max-width: none; padding: 0; }}
  nav {{ display: none; }}
  svg.chart.wide {{ display: block; max-width: 100%; }}
  svg.chart.narrow {{ display: none; }}
  .scroll {{ overflow: visible; }}
  .picture, figure, tr, .passage {{ break-inside: avoid; }}
  h1, h2, h3 {{ break-after: avoid; }}
  section + section {{ break-before: page; border-top: 0; margin-top: 0; }}
  table {{ font-size: 8.5pt; }}
  th, td {{ padding-right: .6rem; }}
}}
"""
"""The rules of pages."""

SHEET = f"{themed(':root')}{PAGE}{CHART}"
"""The rules of every page, whether it has charts or not."""
