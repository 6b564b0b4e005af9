import { z } from "zod";
import { ConfigError } from "./errors.ts";
import { LOG_LEVELS, type LogLevel } from "./logger.ts";

const LOOPBACK_HOSTS = ["127.0.0.1", "::1", "localhost"];

const url = (...protocols: string[]) =>
  z.string().refine((value) => URL.canParse(value) && protocols.includes(new URL(value).protocol), {
    error: `must be a URL starting with ${protocols.map((protocol) => `${protocol}//`).join(" or ")}`,
  });

const integer = (least: number, most: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/, { error: "must be a whole number" })
    .transform((value) => Number.parseInt(value, 10))
    .refine((value) => value >= least && value <= most, { error: `must be from ${least} to ${most}` });

const privateKey = z
  .string()
  .regex(/^0x[0-9a-fA-F]{64}$/, { error: "must be a private key: 0x and 64 hexadecimal digits" })
  .transform((value) => value.toLowerCase() as `0x${string}`);

const environment = z.object({
  DATABASE_URL: url("postgres:", "postgresql:").optional(),
  RPC_URL: url("http:", "https:").optional(),
  RIALTO_DATA_DIR: z.string().default("./data"),
  RIALTO_DEPLOYMENTS_DIR: z.string().default("./deployments"),
  RIALTO_API_HOST: z.string().default("127.0.0.1"),
  RIALTO_API_PORT: integer(0, 65_535).default(3_000),
  RIALTO_API_TOKEN: z.string().min(16, { error: "must have at least 16 characters" }).optional(),
  RIALTO_API_URL: url("http:", "https:").optional(),
  RIALTO_LOG_LEVEL: z.enum(LOG_LEVELS, { error: `must be one of ${LOG_LEVELS.join(", ")}` }).optional(),
  RIALTO_POLL_INTERVAL_MS: integer(1, 3_600_000).default(500),
  RIALTO_FINALITY_DEPTH_BLOCKS: integer(0, 1_000_000).default(12),
  RIALTO_OPERATOR_KEY: privateKey.optional(),
  RIALTO_REGISTRAR_KEY: privateKey.optional(),
  RIALTO_ISSUER_KEY: privateKey.optional(),
  RIALTO_SETTLER_KEY: privateKey.optional(),
  RIALTO_GUARDIAN_KEY: privateKey.optional(),
  RIALTO_DEPLOYER_KEY: privateKey.optional(),
});

/** Every variable that is read; `.env.example` has each of them. */
export const CONFIG_VARIABLES = Object.keys(environment.shape);

/** The settings of one process. A key that is undefined has no default: on a development network it is derived. */
export type Config = ReturnType<typeof toConfig>;

/**
 * Reads the settings, by default from the environment of this process. An empty variable counts as not set.
 *
 * @throws ConfigError naming the first variable that is wrong. Values never appear in the message.
 */
export function readConfig(
  variables: NodeJS.ProcessEnv = process.env,
  defaults: { readonly logLevel: LogLevel } = { logLevel: "info" },
): Config {
  const set = Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== ""));
  const parsed = environment.safeParse(set);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new ConfigError(String(issue?.path[0]), issue?.message ?? "is wrong");
  }

  const config = toConfig(parsed.data, defaults);
  if (config.apiToken === undefined && !LOOPBACK_HOSTS.includes(config.apiHost)) {
    throw new ConfigError("RIALTO_API_TOKEN", "must be set when RIALTO_API_HOST is not a loopback address");
  }
  return config;
}

/**
 * The value of a setting that this process cannot do without.
 *
 * @throws ConfigError naming `variable` if it is not set.
 */
export function requireSetting<T>(value: T | undefined, variable: string): T {
  if (value === undefined) throw new ConfigError(variable, "must be set");
  return value;
}

function toConfig(variables: z.output<typeof environment>, defaults: { readonly logLevel: LogLevel }) {
  const host = variables.RIALTO_API_HOST;
  const authority = `${host.includes(":") ? `[${host}]` : host}:${variables.RIALTO_API_PORT}`;
  return Object.freeze({
    databaseUrl: variables.DATABASE_URL,
    rpcUrl: variables.RPC_URL,
    dataDirectory: variables.RIALTO_DATA_DIR,
    deploymentsDirectory: variables.RIALTO_DEPLOYMENTS_DIR,
    apiHost: host,
    apiPort: variables.RIALTO_API_PORT,
    apiToken: variables.RIALTO_API_TOKEN,
    apiUrl: variables.RIALTO_API_URL,
    /** Where the API of these settings listens. */
    defaultApiUrl: `http://${authority}`,
    logLevel: variables.RIALTO_LOG_LEVEL ?? defaults.logLevel,
    pollIntervalMs: variables.RIALTO_POLL_INTERVAL_MS,
    finalityDepthBlocks: variables.RIALTO_FINALITY_DEPTH_BLOCKS,
    keys: Object.freeze({
      operator: variables.RIALTO_OPERATOR_KEY,
      registrar: variables.RIALTO_REGISTRAR_KEY,
      issuer: variables.RIALTO_ISSUER_KEY,
      settler: variables.RIALTO_SETTLER_KEY,
      guardian: variables.RIALTO_GUARDIAN_KEY,
      deployer: variables.RIALTO_DEPLOYER_KEY,
    }),
  });
}
