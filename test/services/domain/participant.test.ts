import { expect } from "chai";
import { parseName } from "../../../services/domain/participant.ts";
import { refusalOf } from "./refusal.ts";

describe("parseName", () => {
  for (const name of ["x", "Padaria São João", "a:b|c/d", "ж".repeat(64), "🛒".repeat(64)]) {
    it(`accepts ${name.slice(0, 20)}`, () => {
      expect(parseName(name, "merchant")).to.equal(name);
    });
  }

  for (const value of [
    "",
    "x".repeat(65),
    "🛒".repeat(65),
    "a\u0000",
    "Jo\uFFFDo",
    "\udc00",
    5,
    null,
    undefined,
    {},
  ]) {
    it(`refuses ${JSON.stringify(value)?.slice(0, 20)}`, () => {
      const { code, context } = refusalOf(() => parseName(value, "merchant"));

      expect(code).to.equal("malformed");
      expect(context.field).to.equal("merchant");
    });
  }
});
