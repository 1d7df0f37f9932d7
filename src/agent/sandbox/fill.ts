/** Says to a child that it only has to load everything, and to keep what Node made of it. */
export const FILL = 'fill'
