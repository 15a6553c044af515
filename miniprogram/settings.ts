/** What differs between a release and a developer's machine: the server of the release, or the one kept by `wx.setStorageSync("server", …)`. */
export const RELEASED = "https://service.example.com";

export function server(): string {
  const kept: unknown = wx.getAccountInfoSync().miniProgram.envVersion === "release" ? "" : wx.getStorageSync("server");
  return typeof kept === "string" && kept ? kept : RELEASED;
}
