import { expect } from "chai";
import pg from "pg";
import { type LocalNode, startLocalNode } from "../../services/chain/local-node.ts";
import { sampleJournal } from "../../services/journal/sample.ts";
import { createSystemClock } from "../../services/platform/clock.ts";
import { createLogger } from "../../services/platform/logger.ts";
import { createPostgresDatabase, stopServerAfter } from "../support/database.ts";
import { expectBalances, progressOf } from "../support/network-state.ts";
import { createSandbox, type RialtoProcess, type Sandbox, until } from "../support/rialto-process.ts";

const ROLES = ["api", "mirror", "relayer", "reconciler"] as const;

describe("the roles as processes of their own on PostgreSQL", function define() {
  this.timeout(180_000);
  stopServerAfter(this);
  const lines = sampleJournal({ seed: 21, orders: 120 });
  let node: LocalNode;
  let sandbox: Sandbox;
  let databaseUrl: string;
  let apiUrl: string;
  const running = new Map<(typeof ROLES)[number], RialtoProcess>();

  before(async () => {
    databaseUrl = await createPostgresDatabase();
    node = await startLocalNode({
      clock: createSystemClock(),
      logger: createLogger({ level: "error", role: "test" }),
    });
    sandbox = await createSandbox({ DATABASE_URL: databaseUrl, RPC_URL: node.rpcUrl });
    const { exitCode, stderr } = await sandbox.run(["deploy", "--currencies", "BRL,USD"]);
    expect(exitCode, stderr).to.equal(0);
    for (const role of ROLES) running.set(role, sandbox.start([role]));
    const [, url = ""] = (await running.get("api")?.says(/^Listening on (\S+)$/m)) ?? [];
    apiUrl = url;
  });

  after(async () => {
    await sandbox?.close();
    await node?.stop();
  });

  it("carry a journal out, although relayer and mirror are killed on the way", async () => {
    const importer = sandbox.start(["import", await sandbox.write("journal.jsonl", lines), "--json"], at());
    for (const { role, included } of [
      { role: "relayer", included: 50 },
      { role: "mirror", included: 200 },
      { role: "relayer", included: 350 },
    ] as const) {
      await until(async () => (await progressOf(apiUrl)).included >= included, `${included} are included`);
      expect((await running.get(role)?.end("SIGKILL"))?.signal).to.equal("SIGKILL");
      running.set(role, sandbox.start([role]));
    }

    const { exitCode, stdout, stderr } = await importer.ended;
    expect(exitCode, stderr).to.equal(0);
    expect(JSON.parse(stdout)).to.deep.include({ executed: lines.length, orders: 120, failed: [] });
    await expectBalances(sandbox, lines, 500, at());
  });

  it("are found in order by an audit", async () => {
    const { exitCode, stdout } = await sandbox.run(["audit", "--json"], at());

    expect({ exitCode, ...JSON.parse(stdout) }).to.deep.include({ exitCode: 0, ok: true, breaks: [] });
  });

  it("give way to a second mirror, the first one ending with a line", async () => {
    const second = sandbox.start(["mirror"]);

    const first = await running.get("mirror")?.ended;

    expect(first?.exitCode).to.equal(75);
    expect(first?.stderr)
      .to.match(/^rialto: [^\n]+\n$/m)
      .and.not.match(/^\s+at /m);
    running.set("mirror", second);
  });

  it("end with 0 when they are asked to", async () => {
    for (const [role, { end }] of running) {
      const { exitCode, stderr } = await end("SIGTERM");

      expect(exitCode, role).to.equal(0);
      // What the log says is another matter: the API is asked before anything is mirrored.
      expect(stderr, role).to.not.match(/^rialto:|^\s+at /m);
    }
  });

  it("do not start on a database that is newer than the program", async () => {
    const client = new pg.Client({ connectionString: databaseUrl });
    await client.connect();
    await client.query("insert into schema_migration values (9999, 'of the future', '', now())");
    await client.end();

    const { exitCode, stderr } = await sandbox.run(["relayer"]);

    expect(exitCode).to.equal(78);
    expect(stderr).to.match(/^rialto: [^\n]*9999[^\n]*\n$/);
  });

  it("do not start on a database that is not there", async () => {
    const { exitCode, stderr } = await sandbox.run(["mirror"], { DATABASE_URL: `${databaseUrl}_not` });

    expect(exitCode).to.equal(78);
    expect(stderr).to.match(/^rialto: [^\n]+\n$/);
  });

  /** Where the importer and the auditor find this API. */
  function at(): { RIALTO_API_URL: string } {
    return { RIALTO_API_URL: apiUrl };
  }
});
