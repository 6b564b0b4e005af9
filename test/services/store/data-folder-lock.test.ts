import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { createSystemClock } from "../../../services/platform/clock.ts";
import { FolderLockedError, lockDataFolder } from "../../../services/store/data-folder-lock.ts";
import { openStore } from "../../../services/store/store.ts";

const LOCK_MODULE = join(import.meta.dirname, "../../../services/store/data-folder-lock.ts");
const clock = createSystemClock();

describe("data folder lock", function () {
  this.timeout(60_000);
  let folder: string;
  const children: ChildProcess[] = [];

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "rialto-lock-"));
  });
  afterEach(async () => {
    for (const child of children.splice(0)) child.kill("SIGKILL");
    await rm(folder, { recursive: true });
  });

  /** Another process that tries to take the folder and says whether it could; it stays alive. */
  async function another(): Promise<{ child: ChildProcess; pid: number; answer: string }> {
    const script = `
      const { lockDataFolder } = await import(${JSON.stringify(LOCK_MODULE)});
      const answer = await lockDataFolder(${JSON.stringify(folder)}).then(() => "held", (error) => error.name);
      process.stdout.write(answer);
      setInterval(() => undefined, 1_000);`;
    const child = spawn(process.execPath, ["--input-type=module", "--eval", script], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    children.push(child);
    const [answer] = await once(child.stdout as NonNullable<typeof child.stdout>, "data");
    return { child, pid: child.pid ?? 0, answer: String(answer) };
  }

  it("refuses a folder that another process holds, and names that process", async () => {
    const { pid } = await another();
    const error = await lockDataFolder(folder).catch((thrown) => thrown);

    expect(error).to.be.instanceOf(FolderLockedError);
    expect(error).to.include({ folder, pid });
  });

  it("refuses a folder that this process holds", async () => {
    const lock = await lockDataFolder(folder);
    const error = await lockDataFolder(folder).catch((thrown) => thrown);
    await lock.release();

    expect(error).to.include({ pid: process.pid });
  });

  it("takes over from a process that was killed", async () => {
    const { child } = await another();
    child.kill("SIGKILL");
    await once(child, "exit");

    await (await lockDataFolder(folder)).release();
  });

  it("takes over from a process whose pid another one has now", async () => {
    await writeFile(
      join(folder, "lock.7"),
      JSON.stringify({ pid: process.pid, startedAt: "another boot:1" }),
    );

    await (await lockDataFolder(folder)).release();
    expect(await readdir(folder)).to.deep.equal(["lock.8"]);
  });

  it("gives the folder to one process only when many want it at once", async () => {
    await writeFile(join(folder, "lock.3"), JSON.stringify({ pid: 2 ** 22 + 1, startedAt: "gone" }));
    const answers = (await Promise.all(Array.from({ length: 4 }, another))).map(({ answer }) => answer);

    expect(answers.toSorted()).to.deep.equal([...Array(3).fill("FolderLockedError"), "held"]);
  });

  it("is taken by the store and given back, with everything that was committed", async () => {
    const store = await openStore({ dataDirectory: folder, clock });
    await store.db
      .insertInto("chain_instance")
      .values({ chain_id: 7, genesis_hash: "0x", contract_set_hash: "0x", first_seen: clock.now() })
      .execute();
    const error = await openStore({ dataDirectory: folder, clock }).catch((thrown) => thrown);
    await store.close();
    const again = await openStore({ dataDirectory: folder, clock });
    const rows = await again.db.selectFrom("chain_instance").select("chain_id").execute();
    await again.close();

    expect(error).to.be.instanceOf(FolderLockedError);
    expect(rows).to.deep.equal([{ chain_id: 7 }]);
  });
});
