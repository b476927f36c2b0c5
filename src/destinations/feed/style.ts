// The style of the page. It stands in the page itself, which is one file that way and can never meet a style of another version.

/** How many colours the avatars have. */
export const TINTS = 12;

/** The style sheet. It must not hold a `<`, because it becomes part of the page as it is. */
export function pageStyle(): string {
  // Equal lightness and chroma all around: white letters stand out from every one of them (contrast above 5 to 1).
  const tints = Array.from(
    { length: TINTS },
    (_, tint) => `.tint-${tint}{background:oklch(.5 .11 ${(tint * 360) / TINTS + 15})}`,
  );
  return STYLE + tints.join('\n') + '\n';
}

const STYLE = `
:root {
  color-scheme: light dark;
  --ground: #f3f4f7; --card: #fff; --line: #e2e5eb; --text: #1a2030; --quiet: #586174;
  --accent: #3348c5; --accent-ground: #edf0fd; --chip: #f1f3f6; --mark: #ffb938;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #0e1116; --card: #171b22; --line: #272d38; --text: #e7eaf0; --quiet: #9aa3b5;
    --accent: #a9b8ff; --accent-ground: #222a4a; --chip: #222834; --mark: #d99a1c;
  }
}
* { box-sizing: border-box; margin: 0; }
html { scroll-behavior: smooth; scroll-padding-top: 1.5rem; -webkit-text-size-adjust: 100%; }
@media (prefers-reduced-motion: reduce) { html { scroll-behavior: auto; } }
body {
  background: var(--ground); color: var(--text);
  font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Helvetica Neue", Arial, sans-serif;
  overflow-wrap: anywhere;
}
a { color: var(--accent); text-decoration: none; }
a:hover { text-decoration: underline; text-underline-offset: .2em; }
a:focus-visible { outline: 2px solid var(--accent); outline-offset: 3px; border-radius: 4px; }
.masthead, main, .colophon { max-width: 46rem; margin-inline: auto; padding-inline: 1.25rem; }
.masthead { display: flex; flex-wrap: wrap; align-items: center; gap: .75rem 1rem; padding-block: 2.75rem 1.5rem; }
.masthead > div { flex: 1 1 16rem; }
h1 { font-size: 1.75rem; line-height: 1.2; font-weight: 700; letter-spacing: -.02em; text-wrap: balance; }
.masthead time { white-space: nowrap; }
.masthead p { color: var(--quiet); font-size: .9375rem; margin-top: .25rem; }
.subscribe {
  display: inline-flex; align-items: center; gap: .5rem; padding: .45rem .9rem; border-radius: 99rem;
  border: 1px solid var(--line); background: var(--card); font-size: .875rem; font-weight: 600;
}
.subscribe svg { width: .9rem; height: .9rem; fill: none; stroke: currentColor; stroke-width: 2.2; stroke-linecap: round; }
.post {
  display: grid; grid-template-columns: auto minmax(0, 1fr); column-gap: 1rem;
  background: var(--card); border: 1px solid var(--line); border-radius: 1rem;
  padding: 1.25rem 1.4rem; margin-bottom: .9rem; box-shadow: 0 1px 2px rgb(20 30 60 / .04);
}
.post:target { border-color: var(--mark); box-shadow: 0 0 0 3px color-mix(in srgb, var(--mark) 35%, transparent); }
.avatar {
  width: 2.75rem; height: 2.75rem; border-radius: 50%; display: grid; place-items: center;
  background: #56607a; color: #fff; font-size: .9375rem; font-weight: 650; letter-spacing: .02em; user-select: none;
}
.post header { display: flex; flex-wrap: wrap; align-items: baseline; gap: 0 .6rem; font-size: .875rem; color: var(--quiet); }
.actor { font-size: .9375rem; font-weight: 650; color: var(--text); }
.when { margin-inline-start: auto; }
.when a { color: inherit; font-variant-numeric: tabular-nums; white-space: nowrap; }
h2 { font-size: 1.125rem; line-height: 1.4; font-weight: 650; letter-spacing: -.005em; margin-top: .3rem; text-wrap: pretty; }
.body { margin-top: .3rem; white-space: pre-line; }
.post footer { display: flex; flex-wrap: wrap; align-items: center; gap: .5rem; margin-top: .85rem; font-size: .8125rem; }
.object, .tags li { padding: .15rem .65rem; border-radius: 99rem; background: var(--chip); color: var(--quiet); }
.object { font-weight: 600; }
a.object { background: var(--accent-ground); color: var(--accent); }
a.object::after { content: " \\2197" / ""; }
.tags { display: flex; flex-wrap: wrap; gap: .5rem; padding: 0; list-style: none; }
.empty { text-align: center; padding: 4rem 1.5rem; border: 1px dashed var(--line); border-radius: 1rem; color: var(--quiet); }
.empty h2 { color: var(--text); margin-bottom: .25rem; }
.colophon { padding-block: 1.25rem 3rem; color: var(--quiet); font-size: .8125rem; text-align: center; }
@media (max-width: 34rem) {
  .masthead { padding-top: 1.75rem; }
  .masthead, main, .colophon { padding-inline: .75rem; }
  .post { padding: 1rem; column-gap: .75rem; }
  .avatar { width: 2.25rem; height: 2.25rem; font-size: .8125rem; }
  .when { flex-basis: 100%; margin-inline-start: 0; }
}
@media print { .subscribe { display: none; } .post { break-inside: avoid; box-shadow: none; } }
`;
