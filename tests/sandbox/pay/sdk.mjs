// A merchant on wechatpay-axios-plugin, an SDK that is not ours: orders, is paid, is told, gives back and reads the bill.
// Gets {url, mchid, serial, privateKey, publicKey, publicKeyId, apiV3Key, appid, openid} on standard input; prints what it saw.
import { createServer } from "node:http";
import { gunzipSync } from "node:zlib";
import { createHash } from "node:crypto";
import { Aes, Formatter, Rsa, Wechatpay } from "wechatpay-axios-plugin";

const told = JSON.parse(await new Response(process.stdin).text());
const { v3 } = new Wechatpay({
  mchid: told.mchid,
  serial: told.serial,
  privateKey: told.privateKey,
  certs: { [told.publicKeyId]: told.publicKey },
  baseURL: told.url,
  proxy: false,
});

const notices = [];
let heard;
const hearing = () => new Promise((done) => (heard = done));
const server = createServer(async (request, answer) => {
  const body = await new Response(request).text();
  const { "wechatpay-timestamp": at, "wechatpay-nonce": nonce, "wechatpay-signature": signature } = request.headers;
  const genuine = Rsa.verify(Formatter.response(at, nonce, body), signature, Rsa.from(told.publicKey, Rsa.KEY_TYPE_PUBLIC));
  const { event_type: kind, resource } = JSON.parse(body);
  const plain = Aes.AesGcm.decrypt(resource.ciphertext, told.apiV3Key, resource.nonce, resource.associated_data);
  notices.push({ kind, genuine, plain: JSON.parse(plain) });
  answer.writeHead(204).end();
  heard();
});
await new Promise((done) => server.listen(0, "127.0.0.1", done));
const notifyUrl = `http://127.0.0.1:${server.address().port}/pay`;

const control = async (path, body = {}) => {
  const headers = { "Content-Type": "application/json" };
  const answer = await fetch(`${told.url}/sandbox/api${path}`, { method: "POST", headers, body: JSON.stringify(body) });
  return answer.json();
};
const order = (number, more = {}) => ({
  appid: told.appid, mchid: told.mchid, description: "空调清洗", out_trade_no: number, notify_url: notifyUrl,
  amount: { total: 12345, currency: "CNY" }, ...more,
});
const query = async (number) => (await v3.pay.transactions.outTradeNo._number_.get({ number, params: { mchid: told.mchid } })).data;
const refused = (call) => call.then(() => null, ({ response }) => ({ status: response.status, code: response.data.code }));

const seen = {};
const jsapi = await v3.pay.transactions.jsapi.post(order("sdk-jsapi-1", { payer: { openid: told.openid } }));
seen.prepay = jsapi.data.prepay_id;
const given = {
  appId: told.appid, timeStamp: `${Formatter.timestamp()}`, nonceStr: Formatter.nonce(), package: `prepay_id=${seen.prepay}`,
  signType: "RSA",
};
given.paySign = Rsa.sign(
  Formatter.joinedByLineFeed(given.appId, given.timeStamp, given.nonceStr, given.package),
  Rsa.from(told.privateKey, Rsa.KEY_TYPE_PRIVATE),
);
const paid = hearing();
seen.cashier = await control("/pay/cashier", given);
await paid;
seen.paid = await query("sdk-jsapi-1");

seen.native = (await v3.pay.transactions.native.post(order("sdk-native-1"))).data.code_url;
const closed = await v3.pay.transactions.outTradeNo._number_.close.post({ mchid: told.mchid }, { number: "sdk-native-1" });
seen.closed = [closed.status, (await query("sdk-native-1")).trade_state];
seen.closing_paid = await refused(v3.pay.transactions.outTradeNo._number_.close.post({ mchid: told.mchid }, { number: "sdk-jsapi-1" }));

const back = { out_trade_no: "sdk-jsapi-1", out_refund_no: "sdk-refund-1", notify_url: notifyUrl, amount: { refund: 345, total: 12345, currency: "CNY" } };
seen.refund = (await v3.refund.domestic.refunds.post(back)).data.status;
const given_back = hearing();
await control("/pay/refunds/sdk-refund-1/finish", { outcome: "SUCCESS", wait: false });
await given_back;
seen.refunded = (await v3.refund.domestic.refunds._number_.get({ number: "sdk-refund-1" })).data.status;

await control("/clock", { days: 2 });
const day = seen.paid.success_time.slice(0, 10);
const bill = (await v3.bill.tradebill.get({ params: { bill_date: day, bill_type: "ALL", tar_type: "GZIP" } })).data;
const token = new URL(bill.download_url).searchParams.get("token");
const file = gunzipSync((await v3.billdownload.file.get({ params: { token }, responseType: "arraybuffer" })).data);
seen.bill = { hash: createHash("sha1").update(file).digest("hex") === bill.hash_value, lines: file.toString().split("\r\n") };

seen.notices = notices;
server.close();
console.log(JSON.stringify(seen));
