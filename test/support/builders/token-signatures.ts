import { AbiCoder, Signature, type Signer } from "ethers";
import type { TestNetwork } from "../deploy-contracts.ts";

/** What a wallet signs for ERC-3009. */
export const RECEIVE_TYPES = {
  ReceiveWithAuthorization: [
    { name: "from", type: "address" },
    { name: "to", type: "address" },
    { name: "value", type: "uint256" },
    { name: "validAfter", type: "uint256" },
    { name: "validBefore", type: "uint256" },
    { name: "nonce", type: "bytes32" },
  ],
};

/** What a wallet signs for ERC-2612. */
export const PERMIT_TYPES = {
  Permit: [
    { name: "owner", type: "address" },
    { name: "spender", type: "address" },
    { name: "value", type: "uint256" },
    { name: "nonce", type: "uint256" },
    { name: "deadline", type: "uint256" },
  ],
};

export type Authorization = {
  readonly from: string;
  readonly to: string;
  readonly value: bigint;
  readonly validAfter: bigint;
  readonly validBefore: bigint;
  readonly nonce: string;
};

/** An ERC-3009 `ReceiveWithAuthorization` of the network's token, made as a wallet makes it. */
export function signReceive(
  network: TestNetwork,
  authorization: Authorization,
  signer: Signer,
): Promise<string> {
  return signToken(network, RECEIVE_TYPES, authorization, signer);
}

/** An ERC-3009 `CancelAuthorization` of the network's token. */
export function signCancelAuthorization(
  network: TestNetwork,
  nonce: string,
  signer: Signer & { readonly address: string },
): Promise<string> {
  const types = {
    CancelAuthorization: [
      { name: "authorizer", type: "address" },
      { name: "nonce", type: "bytes32" },
    ],
  };
  return signToken(network, types, { authorizer: signer.address, nonce }, signer);
}

/** An ERC-2612 permit of the network's token, as `PermitCollector` takes it. */
export async function signPermit(
  network: TestNetwork,
  value: bigint,
  deadline: number,
  owner: Signer & { readonly address: string },
): Promise<{ readonly data: string; readonly signature: Signature }> {
  const permit = {
    owner: owner.address,
    spender: await network.collector.getAddress(),
    value,
    nonce: await network.token.nonces(owner.address),
    deadline,
  };
  const signature = Signature.from(await signToken(network, PERMIT_TYPES, permit, owner));
  const { v, r, s } = signature;
  const data = AbiCoder.defaultAbiCoder().encode(
    ["uint256", "uint256", "uint8", "bytes32", "bytes32"],
    [value, deadline, v, r, s],
  );
  return { data, signature };
}

async function signToken(
  network: TestNetwork,
  types: Record<string, { name: string; type: string }[]>,
  message: Record<string, unknown>,
  signer: Signer,
): Promise<string> {
  const domain = {
    name: await network.token.name(),
    version: "1",
    chainId: network.chainId,
    verifyingContract: network.tokenAddress,
  };
  return signer.signTypedData(domain, types, message);
}
