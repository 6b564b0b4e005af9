/*
 * Preloaded into a child: ends it when its standard input ends, that is when the parent is gone.
 */
process.stdin.on("end", () => process.exit(0));
process.stdin.on("error", () => process.exit(0));
process.stdin.resume();
