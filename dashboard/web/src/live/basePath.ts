/** The path below which everything lies behind a proxy, without a slash at its end; empty at the root. The server writes it into the page. */
export const basePath: string =
  document.querySelector<HTMLMetaElement>('meta[name="ottugi-base"]')?.content.replace(/\/+$/, '') ?? ''
