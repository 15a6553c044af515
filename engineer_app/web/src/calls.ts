/** Requests that are no operations: signing in, devices, the customer's number, looking up parts and serials, pictures. */
import type {
  CallOut, CodeOut, CodeToPayOut, DevicesOut, ErrorOut, MeOut, ModelsOut, PageOut, PaidOut, PartsOut, PositionIn, ProductsOut, ReceiptOut, ShopOut, SignInIn,
  SignInOut, SoldOut,
} from "./api";
import { store } from "./store";

const API = "/api/engineer";
const PATIENCE = 12_000;

/** The server said no, or nothing; the message is for the person. */
export class Failed extends Error {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

async function answer(method: string, path: string, body?: unknown): Promise<Response> {
  const headers: Record<string, string> = {};
  if (store.token()) headers.Authorization = `Bearer ${store.token()}`;
  const picture = body instanceof Blob;
  if (body !== undefined) headers["Content-Type"] = picture ? body.type : "application/json";
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), PATIENCE);
  let response: Response;
  try {
    const sent = body === undefined || picture ? body : JSON.stringify(body);
    response = await fetch(API + path, { method, headers, body: sent, signal: stop.signal });
  } catch {
    throw new Failed("offline", "现在连不上网络，请稍后再试");
  } finally {
    clearTimeout(timer);
  }
  if (response.ok) return response;
  const said = (await response.json().catch(() => null)) as ErrorOut | null;
  throw new Failed(said?.error ?? String(response.status), said?.message ?? "服务器暂时有问题，请稍后再试");
}

async function call<Out>(method: string, path: string, body?: unknown): Promise<Out> {
  return (await (await answer(method, path, body)).json()) as Out;
}

export const askCode = (phone: string) => call<CodeOut>("POST", "/code", { phone });
export const signIn = (body: SignInIn) => call<SignInOut>("POST", "/sign-in", body);
export const signInByWeChat = (ticket: string, device: string) =>
  call<SignInOut>("POST", "/wechat", { ticket, device });
/** Ends this phone's session at the server; when it cannot be reached, the session ends by itself in time. */
export const signOut = () => answer("POST", "/sign-out", {});
export const me = () => call<MeOut>("GET", "/me");
export const agreeToBeLocated = (agrees: boolean) => call<MeOut>("POST", "/me/located", { agrees });
export const myPhoto = async () => URL.createObjectURL(await (await answer("GET", "/me/photo")).blob());
export const putMyPhoto = (photo: Blob) => call<MeOut>("PUT", "/me/photo", photo);
export const removeMyPhoto = () => call<MeOut>("DELETE", "/me/photo");
export const tellPosition = (at: PositionIn) => answer("POST", "/me/position", at);
export const devices = () => call<DevicesOut>("GET", "/devices");
export const revoke = (id: string) => answer("DELETE", `/devices/${encodeURIComponent(id)}`);
export const callCustomer = (visitId: string) =>
  call<CallOut>("POST", `/jobs/${encodeURIComponent(visitId)}/call`, {});

const asked = (path: string, query: Record<string, string>) => `${path}?${new URLSearchParams(query)}`;
export const findPart = (job: string, q: string) => call<PartsOut>("GET", asked("/parts", { job, q }));
export const findModel = (job: string, q: string) => call<ModelsOut>("GET", asked("/models", { job, q }));
export const findProduct = (job: string, serial: string) =>
  call<ProductsOut>("GET", asked("/products", { job, serial }));

/** What WeChat's SDK wants to know before it works on the page at this address. */
export const signPage = (url: string) => call<PageOut>("GET", asked("/js-sdk", { url }));

/** A picture at the server, as an object URL: its address alone opens it for nobody. */
export async function pictureAt(id: string, size: "large" | "small"): Promise<string> {
  const response = await answer("GET", asked(`/pictures/${encodeURIComponent(id)}`, { size }));
  return URL.createObjectURL(await response.blob());
}

const job = (visitId: string) => `/jobs/${encodeURIComponent(visitId)}`;
export const codeToPay = (visitId: string, payable_id: string) => call<CodeToPayOut>("POST", `${job(visitId)}/pay`, { payable_id });
export const paymentAt = (visitId: string, id: string) => call<PaidOut>("GET", `${job(visitId)}/payments/${encodeURIComponent(id)}`);
export const takeCash = (visitId: string, payable_id: string, fen: number) =>
  call<ReceiptOut>("POST", `${job(visitId)}/cash`, { payable_id, fen });
export const shop = (visitId: string) => call<ShopOut>("GET", `${job(visitId)}/shop`);
export const sell = (visitId: string, plan_id: string) => call<SoldOut>("POST", `${job(visitId)}/covers`, { plan_id });
export const useCard = (visitId: string, cover_id: string) => call<ShopOut>("POST", `${job(visitId)}/cards`, { cover_id });
