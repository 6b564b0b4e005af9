import { Presets, SingleBar } from "cli-progress";

/** How far a piece of long work is. */
export type Progress = {
  update(done: number, total: number): void;
  stop(): void;
};

/** Where a command speaks: results on standard output, everything else on standard error. */
export type Terminal = {
  /** A result for people; with `--json` it is left out. */
  print(text: string): void;
  /** The result for programs: with `--json` the only thing on standard output. */
  printJson(document: unknown): void;
  /** What is going on, on standard error. */
  note(text: string): void;
  /** A bar on a terminal, plain lines otherwise. */
  progress(label: string): Progress;
  readonly isJson: boolean;
};

type Output = Pick<NodeJS.WriteStream, "write"> & { readonly isTTY?: boolean };

/** The terminal of this process, or of a test that passes its own streams. */
export function createTerminal(options: {
  readonly isJson: boolean;
  readonly stdout?: Output;
  readonly stderr?: Output & NodeJS.WritableStream;
}): Terminal {
  const { isJson, stdout = process.stdout, stderr = process.stderr } = options;
  const note = (text: string): void => void stderr.write(`${text}\n`);

  return {
    isJson,
    note,
    print: (text) => void (isJson || stdout.write(`${text}\n`)),
    printJson: (document) => void (isJson && stdout.write(`${JSON.stringify(document)}\n`)),
    progress: (label) => (stderr.isTTY ? barProgress(label, stderr) : lineProgress(label, note)),
  };
}

function barProgress(label: string, stream: NodeJS.WritableStream): Progress {
  const format = `${label} {bar} {value}/{total}`;
  const bar = new SingleBar(
    { stream, format, hideCursor: true, clearOnComplete: false },
    Presets.shades_classic,
  );
  let isStarted = false;
  return {
    update(done, total) {
      if (!isStarted) bar.start(total, done);
      isStarted = true;
      bar.setTotal(total);
      bar.update(done);
    },
    stop: () => void (isStarted && bar.stop()),
  };
}

/** One line at every tenth of the way: enough for a log, never a flood. */
function lineProgress(label: string, note: (text: string) => void): Progress {
  let lastTenth = -1;
  return {
    update(done, total) {
      const tenth = total === 0 ? 10 : Math.floor((done * 10) / total);
      if (tenth <= lastTenth) return;
      lastTenth = tenth;
      note(`${label}: ${done}/${total}`);
    },
    stop: () => undefined,
  };
}
