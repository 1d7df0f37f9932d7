/** Plain JSON with every long text cut: what is left away is counted, nothing is hidden. Other values stay as they are. */
export function shortTexts<T>(value: T, limit: number): T {
  return cut(value, limit) as T
}

function cut(value: unknown, limit: number): unknown {
  if (typeof value === 'string') {
    return value.length <= limit ? value : `${value.slice(0, limit).toWellFormed()}… (+${value.length - limit})`
  }
  if (Array.isArray(value)) return value.map((one) => cut(one, limit))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, cut(member, limit)]))
}
