// What the pages of a feed can do beside being read: relative times, filters, keys and a theme. Runs in the browser as it stands here,
// from the head of the page. Texts of the posts are only ever read and set as text, never as markup.

'use strict';

(() => {
  const root = document.documentElement;
  const byId = (id) => document.getElementById(id);

  /** An element with a text. */
  function make(tag, className, text) {
    const element = document.createElement(tag);
    if (tag === 'button') element.type = 'button';
    element.className = className;
    element.textContent = text;
    return element;
  }

  // The theme. It is set before the page is drawn, lest it flash.

  const THEMES = ['system', 'light', 'dark'];
  let theme = 'system';
  try {
    theme = localStorage.getItem('theme') ?? theme;
  } catch {
    // A browser may keep nothing for a file, or for anybody. Then the theme lasts as long as the page.
  }
  showTheme();

  function showTheme() {
    if (theme === 'system') delete root.dataset.theme;
    else root.dataset.theme = theme;
    byId('theme')?.setAttribute('aria-label', `Theme: ${theme}`);
    byId('theme')?.setAttribute('title', `Theme: ${theme}`);
  }

  function nextTheme() {
    theme = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length];
    try {
      localStorage.setItem('theme', theme);
    } catch {
      // As above.
    }
    showTheme();
  }

  // Relative times, beside the exact ones.

  const UNITS = [
    ['year', 31_557_600],
    ['month', 2_629_800],
    ['week', 604_800],
    ['day', 86_400],
    ['hour', 3_600],
    ['minute', 60],
  ];
  const words = new Intl.RelativeTimeFormat('en', { numeric: 'always' });

  function ago(instant) {
    const seconds = (Date.parse(instant) - Date.now()) / 1_000;
    const [unit, size] = UNITS.find(([, length]) => Math.abs(seconds) >= length) ?? [];
    return unit === undefined ? 'just now' : words.format(Math.trunc(seconds / size), unit);
  }

  function showAges() {
    for (const time of document.querySelectorAll('.masthead time, .when time')) {
      if (time.previousElementSibling?.className !== 'ago') time.before(make('span', 'ago', ''));
      time.previousElementSibling.textContent = `${ago(time.dateTime)}\u00a0· `;
    }
  }

  // The posts, and what they are filtered by.

  function start() {
    const posts = [...document.querySelectorAll('.post')].map(readPost);
    const [tools, q, type, tag, aboutButton] = ['tools', 'q', 'type', 'tag', 'about'].map(byId);
    const clear = tools.querySelector('.clear');
    const count = tools.querySelector('.count');
    const nothing = make('p', 'nothing', 'No post of this page matches.');
    nothing.hidden = true;
    byId('posts').prepend(nothing);
    let about = '';

    function apply() {
      const wanted = fold(q.value).split(/\s+/);
      for (const post of posts) {
        post.element.hidden = !(
          (type.value === '' || post.type === type.value) &&
          (tag.value === '' || post.tags.includes(tag.value)) &&
          (about === '' || post.about === about) &&
          wanted.every((word) => post.words.includes(word))
        );
        for (const button of post.tagButtons) button.setAttribute('aria-pressed', String(button.value === tag.value));
      }
      for (const day of document.querySelectorAll('.day')) day.hidden = day.querySelector('.post:not([hidden])') === null;
      const shown = posts.filter(({ element }) => !element.hidden).length;
      const filters = { q: q.value, type: type.value, tag: tag.value, about };
      const search = new URLSearchParams(Object.entries(filters).filter(([, value]) => value !== ''));
      const filtered = search.size > 0;
      clear.hidden = !filtered;
      count.textContent = filtered ? `${shown} of ${posts.length} ${posts.length === 1 ? 'post' : 'posts'}` : '';
      nothing.hidden = !filtered || shown > 0;
      aboutButton.hidden = about === '';
      aboutButton.textContent = about;
      aboutButton.setAttribute('aria-label', `About ${about} only; show all`);
      remember(filtered ? `?${search}` : '');
    }

    /** Keeps the filters in the address, and in those of the other pages. */
    function remember(search) {
      try {
        history.replaceState(null, '', (search === '' ? location.pathname : search) + location.hash);
      } catch {
        // An address that may not be changed is only less handy.
      }
      for (const link of document.querySelectorAll('.step, .archive a')) link.search = search;
    }

    function filterBy(change) {
      change();
      apply();
      // Scrolls up where the first post that is left is above what is seen.
      posts.find(({ element }) => !element.hidden)?.element.scrollIntoView({ block: 'nearest' });
    }

    addOptions(
      type,
      posts.map((post) => [post.type]),
      (name) => name,
    );
    addOptions(
      tag,
      posts.map((post) => post.tags),
      (name) => `#${name}`,
    );
    const sameObject = countOf(posts.map((post) => post.about));
    for (const post of posts) {
      const others = sameObject.get(post.about);
      if (others > 1 && post.about !== '') {
        const more = make('button', 'thread', `${others} posts about ${post.about}`);
        more.addEventListener('click', () => filterBy(() => (about = post.about)));
        post.element.querySelector('footer').append(more);
      }
      for (const button of post.tagButtons) {
        button.addEventListener('click', () => filterBy(() => (tag.value = tag.value === button.value ? '' : button.value)));
      }
    }

    const given = new URLSearchParams(location.search);
    q.value = given.get('q') ?? '';
    type.value = given.get('type') ?? '';
    tag.value = given.get('tag') ?? '';
    about = given.get('about') ?? '';
    // A value that this page does not know selects nothing; it is a filter all the same, and must be seen.
    for (const [select, name] of [
      [type, 'type'],
      [tag, 'tag'],
    ]) {
      if (select.selectedIndex >= 0) continue;
      select.append(new Option(given.get(name), given.get(name)));
      select.value = given.get(name);
    }

    for (const input of [q, type, tag]) input.addEventListener('input', apply);
    aboutButton.addEventListener('click', () => {
      about = '';
      apply();
      q.focus();
    });
    tools.addEventListener('submit', (event) => event.preventDefault());
    tools.addEventListener('reset', (event) => {
      event.preventDefault();
      [q.value, type.value, tag.value, about] = ['', '', '', ''];
      apply();
      q.focus();
    });
    byId('posts').addEventListener('keydown', (event) => pressed(event, posts, q));
    byId('theme').addEventListener('click', nextTheme);
    for (const element of [byId('theme'), document.querySelector('.keys')]) element.hidden = false;
    tools.hidden = posts.length === 0;
    showTheme();
    apply();
    showAges();
    setInterval(showAges, 60_000);
    // The tools have come above the post that the address names.
    if (location.hash !== '') document.querySelector(':target')?.scrollIntoView();
  }

  /** What the filters need to know about a post, whose tags become buttons and whose long body is folded. */
  function readPost(element) {
    const words = fold(element.textContent);
    const tagButtons = [...element.querySelectorAll('.tags li')].map((item) => {
      const button = make('button', 'tag', item.textContent);
      button.value = item.textContent.slice(1);
      item.replaceChildren(button);
      return button;
    });
    const body = element.querySelector('.body');
    if (body !== null && (body.textContent.length > 700 || body.textContent.split('\n').length > 8)) foldBody(body);
    const { type, about } = element.dataset;
    return { element, type, about, words, tagButtons, tags: tagButtons.map((button) => button.value) };
  }

  function foldBody(body) {
    const more = make('button', 'more', 'Show all of it');
    const show = (all) => {
      body.classList.toggle('folded', !all);
      more.setAttribute('aria-expanded', String(all));
      more.textContent = all ? 'Show less' : 'Show all of it';
    };
    more.addEventListener('click', () => show(body.classList.contains('folded')));
    body.after(more);
    show(false);
  }

  /** Text as it is searched: without case and accents. */
  function fold(text) {
    return text
      .normalize('NFKD')
      .replace(/\p{Mn}/gu, '')
      .toLowerCase();
  }

  function countOf(values) {
    const counts = new Map();
    for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
    return counts;
  }

  /** Fills a choice with what there is to choose, the most frequent first. */
  function addOptions(select, valuesOfPosts, label) {
    const counts = [...countOf(valuesOfPosts.flatMap((values) => [...new Set(values)]))];
    counts.sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
    for (const [value, count] of counts) select.append(new Option(`${label(value)} (${count})`, value));
  }

  /**
   * The keys, of posts only: a single letter that worked everywhere would get in the way of those who speak to their browser
   * (https://www.w3.org/TR/WCAG22/#character-key-shortcuts).
   */
  function pressed(event, posts, q) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const step = { j: 1, k: -1 }[event.key];
    if (event.key === '/') q.focus();
    else if (step !== undefined) {
      const seen = posts.map(({ element }) => element).filter((element) => !element.hidden);
      const current = seen.findIndex((element) => element.contains(document.activeElement));
      const next = seen[Math.max(0, current + step)];
      next?.focus({ preventScroll: true });
      next?.scrollIntoView({ block: 'nearest' });
    } else return;
    event.preventDefault();
  }

  document.addEventListener('DOMContentLoaded', start);
})();
