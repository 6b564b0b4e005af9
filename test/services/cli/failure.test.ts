import { expect } from "chai";
import { DeploymentMismatchError, DeploymentMissingError } from "../../../services/chain/deployment.ts";
import { RpcUnreachableError } from "../../../services/chain/json-rpc.ts";
import { describeFailure, isClosedPipe, UsageError } from "../../../services/cli/failure.ts";
import { DomainError } from "../../../services/domain/errors.ts";
import { MirrorSupersededError } from "../../../services/mirror/errors.ts";
import { ConfigError } from "../../../services/platform/errors.ts";
import { ForeignTransactionError } from "../../../services/relayer/broadcast.ts";
import { FolderLockedError } from "../../../services/store/data-folder-lock.ts";
import { StoreNewerError } from "../../../services/store/migrate.ts";

describe("describeFailure", () => {
  for (const { error, exitCode } of [
    { error: new UsageError("no"), exitCode: 2 },
    { error: new DomainError("malformed", "no"), exitCode: 65 },
    { error: withCode("ENOENT"), exitCode: 66 },
    { error: withCode("ENOTDIR"), exitCode: 66 },
    { error: withCode("ECONNREFUSED"), exitCode: 69 },
    { error: withCode("ENOTFOUND"), exitCode: 69 },
    { error: withCode("EADDRINUSE"), exitCode: 69 },
    { error: withCode("57P03"), exitCode: 69 },
    { error: new RpcUnreachableError("127.0.0.1:1", "no"), exitCode: 69 },
    { error: new FolderLockedError("data", 17), exitCode: 75 },
    { error: new MirrorSupersededError(1), exitCode: 75 },
    { error: withCode("EEXIST"), exitCode: 78 },
    { error: withCode("28P01"), exitCode: 78 },
    { error: withCode("3D000"), exitCode: 78 },
    { error: new ConfigError("RPC_URL", "no"), exitCode: 78 },
    { error: new StoreNewerError(5, 4), exitCode: 78 },
    { error: new DeploymentMissingError("31337.json", "no"), exitCode: 78 },
    { error: new DeploymentMismatchError("chain id", "1", "2"), exitCode: 78 },
    { error: new ForeignTransactionError("0x01", 3), exitCode: 1 },
  ]) {
    it(`answers ${error.name} ${"code" in error ? error.code : ""} with one line and ${exitCode}`, () => {
      const failure = describeFailure(error);

      expect(failure.exitCode).to.equal(exitCode);
      expect(failure.text)
        .to.match(/^rialto: .*\S/)
        .and.not.include("\n");
    });
  }

  it("keeps the stack of a bug", () => {
    const { text, exitCode } = describeFailure(new TypeError("a bug"));

    expect(exitCode).to.equal(70);
    expect(text).to.include("failure.test.ts");
  });

  it("keeps to one line where the message has several, and says what stands behind an empty one", () => {
    expect(describeFailure(new UsageError("one\ntwo")).text).to.equal("rialto: one two");

    const both = Object.assign(new AggregateError([new Error("::1"), new Error("127.0.0.1")], ""), {
      code: "ECONNREFUSED",
    });
    expect(describeFailure(both).text).to.include("::1").and.include("127.0.0.1");
  });
});

describe("isClosedPipe", () => {
  it("knows a reader that has gone from other failures", () => {
    expect(isClosedPipe(withCode("EPIPE"))).to.equal(true);
    expect(isClosedPipe(withCode("ENOENT"))).to.equal(false);
    expect(isClosedPipe("EPIPE")).to.equal(false);
  });
});

function withCode(code: string): Error & { readonly code: string } {
  return Object.assign(new Error(`failed with ${code}`), { code });
}
