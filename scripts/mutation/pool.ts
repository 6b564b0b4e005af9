import { type ChildProcess, fork } from "node:child_process";
import { join } from "node:path";
import type { Answer, Job } from "./worker.ts";

export type Worker = {
  /** Undefined: it took longer than it may, or ended by itself. */
  ask(job: Job, timeoutMs: number): Promise<Answer | undefined>;
  isAlive(): boolean;
  stop(): void;
};

/** A process in the mutated project; Hardhat finds its configuration from the working directory. */
export function startWorker(project: string, onNoise: (text: string) => void): Worker {
  const child: ChildProcess = fork(join(process.cwd(), project, "scripts/mutation/worker.ts"), {
    cwd: project,
    stdio: ["ignore", "ignore", "pipe", "ipc"],
  });
  child.stderr?.setEncoding("utf8").on("data", onNoise);
  return {
    ask(job, timeoutMs) {
      return new Promise((resolve) => {
        const finish = (answer: Answer | undefined) => {
          clearTimeout(timer);
          child.removeAllListeners("message").removeAllListeners("exit");
          resolve(answer);
        };
        const timer = setTimeout(() => {
          child.kill("SIGKILL");
          finish(undefined);
        }, timeoutMs);
        child.once("message", (answer) => finish(answer as Answer));
        child.once("exit", () => finish(undefined));
        child.send(job);
      });
    },
    isAlive: () => child.exitCode === null && child.signalCode === null && !child.killed,
    stop: () => {
      child.kill("SIGKILL");
    },
  };
}
