import { expect } from "chai";
import { startApi } from "../../../services/api/main.ts";
import { readConfig } from "../../../services/platform/config.ts";
import { createLogger } from "../../../services/platform/logger.ts";
import { openStore, type Store } from "../../../services/store/store.ts";
import { sendTo } from "../../support/http.ts";
import { standingClock as clock, NOW, network } from "./api-fixture.ts";

const logger = createLogger({ level: "silent", role: "test" });

describe("startApi", function () {
  this.timeout(30_000);
  const chain = { network, head: async () => ({ number: 1, timestamp: NOW }) };
  let store: Store;

  before(async () => {
    store = await openStore({ clock });
  });
  after(() => store.close());

  it("listens on a free port of the loopback address until it is closed", async () => {
    const server = await startApi({
      config: readConfig({ RIALTO_API_PORT: "0" }),
      store,
      chain,
      clock,
      logger,
    });
    const { status } = await sendTo(server.url)("GET", "/livez");
    await server.close();
    const error = await fetch(`${server.url}/livez`).catch((thrown) => thrown);

    expect(status).to.equal(200);
    expect(new URL(server.url).hostname).to.equal("127.0.0.1");
    expect(error).to.be.instanceOf(TypeError);
  });

  it("rejects where the port is taken", async () => {
    const server = await startApi({
      config: readConfig({ RIALTO_API_PORT: "0" }),
      store,
      chain,
      clock,
      logger,
    });
    const { port } = new URL(server.url);
    const config = readConfig({ RIALTO_API_PORT: port });
    const error = await startApi({ config, store, chain, clock, logger }).catch((thrown) => thrown);
    await server.close();

    expect(error).to.include({ code: "EADDRINUSE" });
  });
});
