import { DomainError } from "../../../services/domain/errors.ts";

/** The error that an action is refused with; fails if it is not refused or fails in another way. */
export function refusalOf(action: () => unknown): DomainError {
  try {
    action();
  } catch (error) {
    if (error instanceof DomainError) return error;
    throw error;
  }
  throw new Error("Nothing was refused.");
}
