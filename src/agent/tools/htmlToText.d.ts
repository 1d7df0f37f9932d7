/** The slice of html-to-text that we use; the package carries no types. */
declare module 'html-to-text' {
  export function convert(html: string, options: Readonly<Record<string, unknown>>): string
}
