import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    pool: 'forks',
    // Real processes on a shared machine: a limit against hanging, never a measurement.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    teardownTimeout: 20_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/drills/**', 'test/e2e/**', 'test/systemd/**'],
        },
      },
      {
        extends: true,
        // Drills and end-to-end tests start whole rings and measure them: one after the other.
        test: {
          name: 'drills',
          include: ['test/drills/**/*.test.ts', 'test/e2e/**/*.test.ts'],
          fileParallelism: false,
          testTimeout: 240_000,
          hookTimeout: 120_000,
        },
      },
      {
        extends: true,
        // Each test boots a machine of its own; as root, with Debian's systemd-container. Where that is missing, the title says what.
        test: {
          name: 'systemd',
          include: ['test/systemd/**/*.test.ts'],
          fileParallelism: false,
          testTimeout: 2_000_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
})
