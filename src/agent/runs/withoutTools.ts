/** What a loop works with that offers no tool. */
export const WITHOUT_TOOLS = {
  tools: () => new Map(),
  runner: {
    run: () => Promise.reject(new Error('there is no tool')),
    available: () => [],
    close: async () => {},
  },
  gates: {
    judge: () => ({ verdict: 'deny' as const, rule: 'none', reason: 'there are no gates', plan: '' }),
    allowAlways: () => {},
  },
}
