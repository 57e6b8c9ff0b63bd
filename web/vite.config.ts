import { join } from 'node:path';
import { defineConfig, type Plugin } from 'vite';
import { compressed } from './compressed.js';
import { mantineStyles } from './mantine-styles.js';

/** The engine `npm run dev:web` talks to. */
const engine = process.env.POSTHORN_URL ?? 'http://127.0.0.1:8080';
const proxy = Object.fromEntries(['/v1', '/test-receiver', '/docs'].map((path) => [path, engine]));

/** Puts public/scheme.js before everything else; a module would run after the first paint. */
const schemeFirst: Plugin = {
  name: 'scheme-first',
  transformIndexHtml: {
    order: 'post',
    handler: () => [{ tag: 'script', attrs: { src: './scheme.js' }, injectTo: 'head-prepend' }],
  },
};

const COMMON =
  /lucide-react|[\\/]web[\\/]src[\\/](?:api|text|session|parts[\\/](?:action|body-view|copy-button|data-table|empty-state|field-errors|figures|header-table|icon-button|page|paged|problem-note|skeleton|status)\.)/;

export default defineConfig({
  root: import.meta.dirname,
  // Relative, so that the same files work at `/` and below a path a proxy gives them.
  base: './',
  plugins: [schemeFirst, mantineStyles, compressed],
  build: {
    outDir: join(import.meta.dirname, '../dist/web'),
    emptyOutDir: true,
    target: 'es2022',
    // A strict Content-Security-Policy allows no data: addresses.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 900,
    reportCompressedSize: false,
    rolldownOptions: {
      // What nearly every page needs, in one file: each file costs a request and its headers.
      output: { codeSplitting: { groups: [{ name: 'common', test: COMMON, minShareCount: 2 }] } },
      onLog(level, log, report) {
        // React's directives mean nothing in a bundle without a server.
        if (log.code !== 'MODULE_LEVEL_DIRECTIVE') report(level, log);
      },
    },
  },
  server: { port: 5173, proxy },
  preview: { port: 5174, proxy },
});
