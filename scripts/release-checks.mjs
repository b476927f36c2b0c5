// What a release is refused for, and what it makes of the pages. Pure.

const VERSION = /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)$/;

/** All that speaks against a release, each with its remedy; `changes` is what git status has to say. */
export function problemsOf({ version, present, changes, tags, changelog, upgrading }) {
  if (!VERSION.test(version)) return [`say which, as in npm run release -- 2.0.0; "${version}" is no version of three numbers`];
  const known = [present, ...headings(changelog)].filter((each) => VERSION.test(each));
  const exists = tags.includes(`v${version}`) || headings(changelog).includes(version);
  const newest = known.reduce((one, other) => (isAfter(other, one) ? other : one));
  return [
    ...(changes === '' ? [] : ['there are changes that are not committed: commit them, or put them away with git stash --all']),
    ...(exists ? [`version ${version} exists: take the next one, after ${newest}`] : []),
    ...(exists || isAfter(version, newest) ? [] : [`version ${version} is not after ${newest}: take a higher one`]),
    ...(unreleased(changelog) === '' ? ['"Unreleased" in CHANGELOG.md is empty: write what users will notice'] : []),
    ...(new RegExp(`^\\| ${version.replaceAll('.', '\\.')} \\|`, 'm').test(upgrading)
      ? []
      : [`docs/upgrading.md has no row for ${version}: say which ledgers it reads`]),
  ];
}

/** The changelog with what was unreleased as that of a version, on a day such as `2026-11-29`. */
export function changelogOf(changelog, version, day) {
  return changelog.replace('\n## Unreleased\n', () => `\n## Unreleased\n\n## ${version} (${day})\n`);
}

/** A page with the version of its examples changed: `publish-activity-1.0.0.tgz`, `publish-activity@1.0.0`, `"version": "1.0.0"`. */
export function pageOf(page, name, present, version) {
  return [`${name}-%.`, `${name}@%`, '"version": "%"'].reduce(
    (text, spelling) => text.replaceAll(spelling.replace('%', present), spelling.replace('%', version)),
    page,
  );
}

function headings(changelog) {
  return [...changelog.matchAll(/^## (\S+)/gm)].map(([, heading]) => heading);
}

function unreleased(changelog) {
  return (/\n## Unreleased\n([^]*?)(?=\n## |$)/.exec(changelog)?.[1] ?? '').trim();
}

function isAfter(one, other) {
  const [a, b] = [one, other].map((version) => version.split('.').map(Number));
  const at = a.findIndex((number, index) => number !== b[index]);
  return at >= 0 && a[at] > b[at];
}
