import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Config } from "../platform/config.ts";

/** Where a network that runs on this machine can be reached. */
export type NetworkAddresses = { readonly apiUrl: string; readonly rpcUrl: string };

/** Leaves a note in the data folder, so that other commands on this machine find the network without being told. */
export async function rememberNetwork(dataDirectory: string, addresses: NetworkAddresses): Promise<void> {
  await mkdir(dataDirectory, { recursive: true });
  await writeFile(fileIn(dataDirectory), `${JSON.stringify(addresses)}\n`);
}

/** Takes the note away again. */
export function forgetNetwork(dataDirectory: string): Promise<void> {
  return rm(fileIn(dataDirectory), { force: true });
}

/**
 * Where commands find the network: what they were told, else the settings, else the note in the data folder, else the
 * API's default address. `rpcUrl` stays undefined where nothing names a chain.
 */
export async function findNetwork(
  config: Config,
  told: { readonly apiUrl?: string | undefined; readonly rpcUrl?: string | undefined },
): Promise<{ readonly apiUrl: string; readonly rpcUrl: string | undefined }> {
  const note = await recallNetwork(config.dataDirectory);
  return {
    apiUrl: told.apiUrl ?? config.apiUrl ?? note?.apiUrl ?? config.defaultApiUrl,
    rpcUrl: told.rpcUrl ?? config.rpcUrl ?? note?.rpcUrl,
  };
}

async function recallNetwork(dataDirectory: string): Promise<NetworkAddresses | undefined> {
  try {
    return JSON.parse(await readFile(fileIn(dataDirectory), "utf8")) as NetworkAddresses;
  } catch {
    return undefined;
  }
}

function fileIn(dataDirectory: string): string {
  return join(dataDirectory, "network.json");
}
