// V8 would let its young generation grow to 3 × 16 MiB in each process, most of it while the modules load, and keep it. Ours allocate little.
/**
 * The flags of Node that our processes run with. They count in the key of the compile cache: with the same ones for all, what one of them has compiled
 * is there for the others, and whoever fills the cache uses them too. What we use of Node that is experimental, we do without where it is not there.
 */
export const NODE_FLAGS: readonly string[] = ['--max-semi-space-size=2', '--disable-warning=ExperimentalWarning']
