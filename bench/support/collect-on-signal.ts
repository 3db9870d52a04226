/** Loaded before a server (`--expose-gc --import`): SIGUSR2 has it collect its garbage, so that what it holds is what is seen. */
process.on('SIGUSR2', () => globalThis.gc?.())
