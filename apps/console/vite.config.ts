import { defineConfig } from 'vite';

/** Everything is served by ourselves and nothing runs inline: the pages' policy is script-src 'self'. */
export default defineConfig({
  root: import.meta.dirname,
  base: './',
  logLevel: 'warn',
  // Whoever builds it, a test too, builds what is served.
  define: { 'process.env.NODE_ENV': '"production"' },
  build: {
    outDir: '../../dist/console',
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 900,
    rolldownOptions: {
      // "use client" is for servers that render React; there is none here.
      onwarn: (warning, tell) => void (warning.code === 'MODULE_LEVEL_DIRECTIVE' || tell(warning)),
    },
  },
  server: { proxy: { '/v1': 'http://127.0.0.1:3000' } },
});
