/**
 * What the `rialto` command's exit status says. From 64 on as in BSD's sysexits.h.
 *
 * `problems`: the work was done and found something wrong, such as failed journal lines or breaks in an audit.
 */
export const EXIT_CODES = {
  ok: 0,
  problems: 1,
  usage: 2,
  dataError: 65,
  noInput: 66,
  unavailable: 69,
  bug: 70,
  locked: 75,
  configuration: 78,
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT_CODES)[keyof typeof EXIT_CODES];
