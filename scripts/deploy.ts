import { main } from "../services/cli/main.ts";

// The same as `rialto deploy`, for those who look for a script: `node scripts/deploy.ts --help`.
process.exitCode = await main(["deploy", ...process.argv.slice(2)]);
