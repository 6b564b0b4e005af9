import { expect } from "chai";
import { readConfig, requireSetting } from "../../../services/platform/config.ts";
import { ConfigError } from "../../../services/platform/errors.ts";

const KEY = `0x${"A1".repeat(32)}`;

describe("config", () => {
  it("has defaults for everything but addresses and secrets", () => {
    const config = readConfig({});

    expect(config).to.deep.include({
      databaseUrl: undefined,
      rpcUrl: undefined,
      dataDirectory: "./data",
      deploymentsDirectory: "./deployments",
      apiHost: "127.0.0.1",
      apiPort: 3_000,
      apiToken: undefined,
      apiUrl: undefined,
      defaultApiUrl: "http://127.0.0.1:3000",
      logLevel: "info",
    });
    expect(Object.values(config.keys).filter((key) => key !== undefined)).to.deep.equal([]);
    expect(config).to.be.frozen;
  });

  it("takes an empty variable for one that is not set", () => {
    expect(readConfig({ DATABASE_URL: "", RIALTO_API_PORT: "" })).to.deep.equal(readConfig({}));
  });

  it("reads what is set", () => {
    const config = readConfig({
      DATABASE_URL: "postgres://user@host/db",
      RPC_URL: "http://node:8545",
      RIALTO_API_HOST: "::1",
      RIALTO_API_PORT: "0",
      RIALTO_SETTLER_KEY: KEY,
    });

    expect(config).to.include({
      databaseUrl: "postgres://user@host/db",
      apiPort: 0,
      defaultApiUrl: "http://[::1]:0",
    });
    expect(config.keys.settler).to.equal(KEY.toLowerCase());
  });

  for (const [variable, value] of [
    ["DATABASE_URL", "mysql://host"],
    ["RPC_URL", "node:8545"],
    ["RIALTO_API_PORT", "65536"],
    ["RIALTO_API_PORT", "80a"],
    ["RIALTO_API_TOKEN", "short"],
    ["RIALTO_LOG_LEVEL", "loud"],
    ["RIALTO_POLL_INTERVAL_MS", "0"],
    ["RIALTO_FINALITY_DEPTH_BLOCKS", "-1"],
    ["RIALTO_OPERATOR_KEY", "0x12"],
  ] as const) {
    it(`names ${variable} where it is ${value}, without telling the value`, () => {
      const error = thrownBy(() => readConfig({ [variable]: value }));

      expect(error).to.be.instanceOf(ConfigError);
      expect(error).to.include({ variable });
      if (variable === "RIALTO_API_TOKEN") expect(error.message).to.not.include(value);
    });
  }

  it("asks for a token where the API can be reached from outside", () => {
    const outside = { RIALTO_API_HOST: "0.0.0.0" };

    expect(thrownBy(() => readConfig(outside))).to.include({ variable: "RIALTO_API_TOKEN" });
    expect(readConfig({ ...outside, RIALTO_API_TOKEN: "0123456789abcdef" }).apiHost).to.equal("0.0.0.0");
  });

  it("names a setting that a process cannot do without", () => {
    expect(thrownBy(() => requireSetting(undefined, "RPC_URL"))).to.include({ variable: "RPC_URL" });
    expect(requireSetting("x", "RPC_URL")).to.equal("x");
  });
});

function thrownBy(work: () => unknown): Error {
  try {
    work();
  } catch (error) {
    return error as Error;
  }
  throw new Error("Nothing was thrown.");
}
