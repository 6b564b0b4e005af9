import { execFileSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { link, mkdir, readdir, readFile, unlink, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** Who holds a folder. `startedAt` tells the process from a later one with the same pid. */
type Holder = { pid: number; startedAt: string };

/** Claims are numbered; the highest one counts, whether held or released. */
const CLAIM = /^lock\.(\d+)$/;

/** A folder held by this process until `release`. */
export type FolderLock = { release(): Promise<void> };

/**
 * Takes a folder for this process alone, creating it if need be. A claim whose process is gone, also by kill -9, is
 * taken over. The embedded database has no lock of its own: two processes on one folder would lose rows silently.
 *
 * A claim is made by linking the next number, which only one process can do, and the highest number is never removed:
 * so a process that judged a claim dead long ago cannot take over its successor.
 *
 * @throws FolderLockedError if a living process, this one included, holds the folder.
 */
export async function lockDataFolder(folder: string): Promise<FolderLock> {
  await mkdir(folder, { recursive: true });
  for (;;) {
    const highest = await highestClaim(folder);
    const holder = highest === 0 ? undefined : await readHolder(claimPath(folder, highest));
    if (holder !== undefined && isAlive(holder)) throw new FolderLockedError(folder, holder.pid);

    const mine = highest + 1;
    if (!(await claim(folder, mine))) continue;
    if ((await highestClaim(folder)) === mine) {
      await removeClaimsBelow(folder, mine);
      return { release: () => writeFile(claimPath(folder, mine), "") };
    }
    await removeClaim(folder, mine);
  }
}

function claimPath(folder: string, number: number): string {
  return join(folder, `lock.${number}`);
}

async function claims(folder: string): Promise<number[]> {
  const names = await readdir(folder);
  return names.flatMap((name) => CLAIM.exec(name)?.[1] ?? []).map((digits) => Number.parseInt(digits, 10));
}

async function highestClaim(folder: string): Promise<number> {
  return Math.max(0, ...(await claims(folder)));
}

/** The holder named in a claim; undefined if it was released or removed. */
async function readHolder(path: string): Promise<Holder | undefined> {
  try {
    const text = await readFile(path, "utf8");
    return text === "" ? undefined : (JSON.parse(text) as Holder);
  } catch (error) {
    if (hasCode(error, "ENOENT") || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Links a complete file into place, so that no reader ever sees a claim without its holder. */
async function claim(folder: string, number: number): Promise<boolean> {
  const holder: Holder = { pid: process.pid, startedAt: startOf(process.pid) ?? "" };
  const draft = join(folder, `claim.${randomUUID()}`);
  await writeFile(draft, JSON.stringify(holder));
  try {
    await link(draft, claimPath(folder, number));
    return true;
  } catch (error) {
    if (hasCode(error, "EEXIST")) return false;
    throw error;
  } finally {
    await unlink(draft);
  }
}

async function removeClaimsBelow(folder: string, number: number): Promise<void> {
  for (const lower of (await claims(folder)).filter((other) => other < number)) {
    await removeClaim(folder, lower);
  }
}

async function removeClaim(folder: string, number: number): Promise<void> {
  try {
    await unlink(claimPath(folder, number));
  } catch (error) {
    // The holder of a higher claim removes lower ones too.
    if (!hasCode(error, "ENOENT")) throw error;
  }
}

function isAlive(holder: Holder): boolean {
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    if (!hasCode(error, "EPERM")) return false;
  }
  // Where the start cannot be read, the pid alone decides: rather refuse than open twice.
  const startedAt = startOf(holder.pid);
  return startedAt === undefined || holder.startedAt === "" || startedAt === holder.startedAt;
}

/** When a process started, comparable only with itself; undefined where it cannot be known. */
function startOf(pid: number): string | undefined {
  try {
    if (process.platform === "linux") return linuxStartOf(pid);
    if (process.platform === "win32") return undefined;
    return execFileSync("ps", ["-o", "lstart=", "-p", String(pid)], { encoding: "utf8" }).trim();
  } catch {
    return undefined;
  }
}

function linuxStartOf(pid: number): string {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  // The command's name is in brackets and may hold anything, so fields are counted after the last bracket: the first
  // is the state, the 20th the start in clock ticks since boot (proc(5)).
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  if (fields[0] === "Z") return "zombie";
  return `${readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim()}:${fields[19]}`;
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}

/** Another process has the folder open; `pid` is the one to stop first. The command line exits with 75. */
export class FolderLockedError extends Error {
  readonly folder: string;
  readonly pid: number;

  constructor(folder: string, pid: number) {
    super(`The folder ${folder} is in use by process ${pid}.`);
    this.name = "FolderLockedError";
    this.folder = folder;
    this.pid = pid;
  }
}
