import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { expect } from "chai";
import { createSystemClock } from "../../../services/platform/clock.ts";
import { createLogger } from "../../../services/platform/logger.ts";
import { createShutdown } from "../../../services/platform/shutdown.ts";

const PLATFORM = join(import.meta.dirname, "../../../services/platform");

/** Runs until it is told to stop, and says when it has closed. */
const PROGRAM = `
  const { createLogger } = await import(${JSON.stringify(join(PLATFORM, "logger.ts"))});
  const { createShutdown } = await import(${JSON.stringify(join(PLATFORM, "shutdown.ts"))});
  const shutdown = createShutdown({ logger: createLogger({ level: "silent", role: "test" }) });
  const timer = setInterval(() => undefined, 1_000);
  shutdown.onClose("timer", () => {
    clearInterval(timer);
    process.stdout.write("closed");
  });
  process.stdout.write("ready");`;

const logger = createLogger({ level: "silent", role: "test" });

describe("shutdown", () => {
  it("closes everything once, the last opened first, also after a failure", async () => {
    const shutdown = createShutdown({ logger });
    const closed: string[] = [];
    shutdown.onClose("store", async () => void closed.push("store"));
    shutdown.onClose("broken", () => {
      throw new Error("broken");
    });
    shutdown.onClose("server", () => void closed.push(`server, aborted: ${shutdown.signal.aborted}`));

    await Promise.all([shutdown.close(), shutdown.close()]);

    expect(closed).to.deep.equal(["server, aborted: true", "store"]);
  });

  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    it(`closes on ${signal} and ends the process by itself`, async () => {
      const child = spawn(process.execPath, ["--input-type=module", "--eval", PROGRAM], {
        stdio: ["ignore", "pipe", "inherit"],
      });
      const said: string[] = [];
      child.stdout.on("data", (chunk) => {
        said.push(String(chunk));
        if (String(chunk) === "ready") child.kill(signal);
      });
      const [code] = await once(child, "close");

      expect(code).to.equal(0);
      expect(said.join(" ")).to.equal("ready closed");
    });
  }
});

describe("system clock", () => {
  it("stops sleeping when it is told to", async () => {
    const controller = new AbortController();
    const reason = new Error("enough");
    const sleep = createSystemClock().sleep(60_000, controller.signal);
    controller.abort(reason);

    expect(await sleep.catch((error) => error)).to.equal(reason);
  });
});
