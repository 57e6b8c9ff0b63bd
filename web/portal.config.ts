import { join } from 'node:path';
import { defineConfig, type Plugin } from 'vite';

/** Puts public/portal-scheme.js before everything else but what it reads. */
const schemeFirst: Plugin = {
  name: 'scheme-first',
  transformIndexHtml: {
    order: 'post',
    handler: () => [{ tag: 'script', attrs: { src: './portal-scheme.js' }, injectTo: 'head-prepend' }],
  },
};

const packages = join(import.meta.dirname, '../packages');

/** The portal is built apart from the dashboard: neither has chunks of the other. It lies beside it. */
export default defineConfig({
  root: import.meta.dirname,
  base: './',
  plugins: [schemeFirst],
  publicDir: false,
  resolve: {
    alias: ['client', 'react'].map((name) => ({
      find: `@posthorn/${name}`,
      replacement: join(packages, name, 'src/index.ts'),
    })),
  },
  build: {
    outDir: join(import.meta.dirname, '../dist/web'),
    emptyOutDir: false,
    target: 'es2022',
    // A strict Content-Security-Policy allows no data: addresses.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rolldownOptions: {
      input: join(import.meta.dirname, 'portal.html'),
      onLog(level, log, report) {
        // React's directives mean nothing in a bundle without a server.
        if (log.code !== 'MODULE_LEVEL_DIRECTIVE') report(level, log);
      },
    },
  },
});
