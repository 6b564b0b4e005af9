import { toError } from "./errors.ts";
import type { Logger } from "./logger.ts";

const SIGNALS = ["SIGINT", "SIGTERM"] as const;

/** The end of a process, in order: what was opened last is closed first. */
export type Shutdown = {
  /** Aborts when the process is asked to stop; loops and waits watch it. */
  readonly signal: AbortSignal;
  /** Registers something to close. */
  onClose(name: string, close: () => Promise<void> | void): void;
  /** Aborts `signal` and closes everything, once; a failure to close one thing does not keep the others open. */
  close(): Promise<void>;
};

/**
 * Starts to listen for SIGINT and SIGTERM. The first one closes everything; a second one ends the process at once, as
 * it would without us.
 */
export function createShutdown({ logger }: { logger: Logger }): Shutdown {
  const controller = new AbortController();
  const resources: { name: string; close: () => Promise<void> | void }[] = [];
  let closing: Promise<void> | undefined;

  const onSignal = (name: NodeJS.Signals): void => {
    logger.info({ signal: name }, "Was asked to stop");
    void close();
  };

  async function closeAll(): Promise<void> {
    for (const signal of SIGNALS) process.removeListener(signal, onSignal);
    controller.abort(new Error("The process is stopping."));
    for (let resource = resources.pop(); resource !== undefined; resource = resources.pop()) {
      try {
        await resource.close();
      } catch (error) {
        logger.error({ err: toError(error), resource: resource.name }, "Failed to close");
      }
    }
  }

  function close(): Promise<void> {
    closing ??= closeAll();
    return closing;
  }

  for (const signal of SIGNALS) process.on(signal, onSignal);
  return {
    signal: controller.signal,
    onClose: (name, closeResource) => void resources.push({ name, close: closeResource }),
    close,
  };
}
