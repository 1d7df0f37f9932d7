/** How the page is built: for any base path, without inline code, with names that change with their content. */
import { defineConfig } from 'vite'

const pageConfig = defineConfig({
  // Relative addresses: the server makes those of index.html whole, the others lie beside each other.
  base: './',
  root: import.meta.dirname,
  publicDir: 'public',
  build: {
    outDir: '../dist',
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
})

export { pageConfig as default }
