import { existsSync, readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const REPOSITORY = 'https://github.com/sealed-session/sealed-session'
const PAGES = fileURLToPath(new URL('../.pages/', import.meta.url))

/** A part of the menu. */
const part = (text, ...pages) => ({
  text,
  items: pages.map(([text, name]) => ({ text, link: `/${name}` })).filter(isThere),
})
const isThere = ({ link }) => existsSync(`${PAGES}${link.replace(/\/$/, '/index')}.md`)

/** The entry points of the package, the core first. */
const reference = () => {
  const names = readdirSync(`${PAGES}api`).map((name) => name.replace('.md', ''))
  const others = names.filter((name) => name !== 'core' && name !== 'index').sort()
  return [
    { text: 'Overview', link: '/api/' },
    ...['core', ...others].map((name) => ({
      text: name === 'core' ? 'sealed-session' : `/${name.replace('client-', 'client/')}`,
      link: `/api/${name}`,
    })),
  ]
}

/** Markdown has no table without a header. A header without text is no header to a screen reader. */
function headerCell(tokens, at, options, _, renderer) {
  const text = tokens[tokens[at].nesting === 1 ? at + 1 : at - 1]
  if (text.content === '') tokens[at].tag = 'td'
  return renderer.renderToken(tokens, at, options)
}

export default {
  srcDir: '.pages',
  lang: 'en',
  title: 'sealed-session',
  description: 'Sessions for edge runtimes, without a session store.',
  cleanUrls: true,
  head: [['link', { rel: 'icon', href: '/icon.svg', type: 'image/svg+xml' }]],
  // The index of the search is large, and is loaded when somebody searches.
  vite: { build: { chunkSizeWarningLimit: 2_000 } },
  markdown: {
    theme: { light: 'github-light-high-contrast', dark: 'github-dark-high-contrast' },
    config: (md) => {
      md.renderer.rules.th_open = md.renderer.rules.th_close = headerCell
    },
    // The same place on GitHub and here, so that one link works in both.
    anchor: {
      slugify: (text) =>
        text
          .toLowerCase()
          .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
          .replaceAll(' ', '-'),
    },
  },
  themeConfig: {
    nav: [
      { text: 'Guide', link: '/guide' },
      { text: 'API', link: '/api/' },
      { text: 'Changelog', link: '/changelog' },
    ],
    sidebar: [
      part(
        'Start',
        ['Concepts', 'concepts'],
        ['Guide', 'guide'],
        ['Recipes', 'recipes'],
        ['Frameworks', 'frameworks'],
        ['Test your app', 'testing'],
        ['FAQ', 'faq'],
      ),
      part(
        'Come from elsewhere',
        ['Comparison', 'comparison'],
        ['iron-session, @hono/session, express-session', 'migration'],
        ['Django, Flask, Rails', 'django-flask-rails'],
      ),
      part(
        'Run it',
        ['Operations', 'operations'],
        ['Performance', 'performance'],
        ['Versions', 'versioning'],
        ['Changelog', 'changelog'],
      ),
      part('Understand it', ['Threat model', 'threat-model'], ['Design', 'design']),
      { text: 'API reference', items: reference() },
    ],
    outline: { level: [2, 3] },
    search: { provider: 'local' },
    socialLinks: [{ icon: 'github', link: REPOSITORY }],
    footer: { message: 'MIT licence' },
  },
}
