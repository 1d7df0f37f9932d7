/** What programs are made with everywhere: what they are made of may be read by all who may come as far as its folder. Under root, tools run as another user. */
const PROGRAM_MASK = 0o022

/** Does `lay` under the mask of programs, whatever the mask of this process; that one holds again afterwards. */
export async function underProgramMask<Result>(lay: () => Promise<Result>): Promise<Result> {
  const own = process.umask(PROGRAM_MASK)
  try {
    return await lay()
  } finally {
    process.umask(own)
  }
}
