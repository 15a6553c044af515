/** Every call of the API the pages make, one function each: a path stands here and nowhere else. */
import type * as api from "./api";
import { call, download, upload } from "./request";

const id = encodeURIComponent;

export const me = () => call<api.MeOut>("GET", "/me");
export const agree = (version: string) => call<api.MeOut>("POST", "/consent", { version });
export const givePhone = (given: api.PhoneIn) => call<api.MeOut>("POST", "/phone", given);

export const models = (text: string) => call<api.ModelsOut>("POST", "/models", { text });
export const register = (given: api.RegisterIn) => call<api.RegisteredOut>("POST", "/products", given);
export const products = () => call<api.OwnProductsOut>("GET", "/products");
export const product = (key: string) => call<api.ProductPageOut>("GET", `/products/${id(key)}`);
export const showInvoice = (key: string, file: string, purchasedOn: string) =>
  upload<api.DoneOut>(`/products/${id(key)}/proof`, file, purchasedOn ? { purchased_on: purchasedOn } : {});

export const contact = () => call<api.ContactOut>("GET", "/contact");
export const place = (given: api.PlaceIn) => call<api.PlaceOut>("POST", "/places", given);
export const addPicture = (file: string) => upload<api.PictureOut>("/pictures", file);
export const report = (given: api.ReportIn) => call<api.OpenedOut>("POST", "/orders", given);
export const orders = () => call<api.OwnOrdersOut>("GET", "/orders");
export const order = (number: string) => call<api.OrderPageOut>("GET", `/orders/${id(number)}`);
export const engineerPhoto = (path: string) => download(path);
export const windows = (number: string) => call<api.WindowsOut>("GET", `/orders/${id(number)}/windows`);
export const book = (number: string, given: api.BookIn) => call<api.OrderPageOut>("POST", `/orders/${id(number)}/appointment`, given);
export const cancel = (number: string, why: string) => call<api.DoneOut>("POST", `/orders/${id(number)}/cancel`, { why });
export const urge = (number: string) => call<api.DoneOut>("POST", `/orders/${id(number)}/urge`, {});
export const answerChange = (number: string, key: string, yes: boolean) =>
  call<api.DoneOut>("POST", `/orders/${id(number)}/change`, { id: key, yes });
export const goOn = (number: string) => call<api.DoneOut>("POST", `/orders/${id(number)}/go-on`, {});
export const rating = (number: string) => call<api.RatingOut>("GET", `/orders/${id(number)}/rating`);
export const rate = (number: string, given: api.RatingIn) => call<api.RatingOut>("POST", `/orders/${id(number)}/rating`, given);

export const quote = (key: string) => call<api.QuoteOut>("GET", `/quotes/${id(key)}`);
export const answerQuote = (key: string, given: api.AnswerQuoteIn) => call<api.QuoteOut>("POST", `/quotes/${id(key)}`, given);
export const payable = (key: string) => call<api.PayableOut>("GET", `/payables/${id(key)}`);
export const payables = () => call<api.PayablesOut>("GET", "/payables");
export const askInvoice = (key: string, given: api.InvoiceIn) => call<api.PayableOut>("POST", `/payables/${id(key)}/invoice`, given);
export const startPayment = (key: string) => call<api.CashierOut>("POST", `/payables/${id(key)}/pay`, { method: "jsapi" });
export const payment = (key: string) => call<api.PaymentOut>("GET", `/payments/${id(key)}`);

export const shop = (productId: string) => call<api.ShopOut>("GET", `/shop${productId ? `?product_id=${id(productId)}` : ""}`);
export const buy = (given: api.BuyIn) => call<api.BoughtOut>("POST", "/covers", given);
export const covers = () => call<api.OwnCoversOut>("GET", "/covers");
export const giveUpCover = (key: string, given: api.CancelCoverIn) => call<api.OwnCoverOut>("POST", `/covers/${id(key)}/cancel`, given);
export const useGift = (given: api.GiftIn) => call<api.GiftOut>("POST", "/gifts", given);

export const myData = () => call<api.MyDataOut>("GET", "/my-data");
export const correct = (given: api.CorrectIn) => call<api.MyDataOut>("POST", "/my-data", given);
export const setMarketing = (wanted: boolean) => call<api.MyDataOut>("POST", "/my-data/marketing", { wanted });
export const erase = () => call<api.DoneOut>("POST", "/my-data/erase", { confirm: "注销" });
export const templates = (moment: string) => call<api.TemplatesOut>("GET", `/subscriptions?moment=${id(moment)}`);
export const reportAnswers = (answers: Record<string, string>) => call<api.DoneOut>("POST", "/subscriptions", { answers });
