// The control API as the page uses it; README.md lists all of it.

async function call(method, path, body) {
  const answer = await fetch(`/sandbox/api${path}`, {
    method,
    headers: body === undefined ? {} : { "Content-Type": "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const shown = await answer.json();
  if (!answer.ok) throw new Error(shown.error || `HTTP ${answer.status}`);
  return shown;
}

export const api = {
  state: () => call("GET", "/state"),
  screen: (openid) => call("GET", `/people/${openid}/screen?read=1`),
  log: (since) => call("GET", `/log?since=${since}&limit=300`),
  clearLog: () => call("DELETE", "/log"),
  send: (openid, kind, given = {}) => call("POST", `/people/${openid}/send`, { wait: false, ...given, kind }),
  addPerson: (name, appId) => call("POST", "/people", { name, app_id: appId }),
  elsewhere: (openid, appId) => call("POST", `/people/${openid}/elsewhere`, { app_id: appId }),
  code: (openid, kind) => call("POST", `/people/${openid}/code`, { kind }),
  changePerson: (openid, changes) => call("PATCH", `/people/${openid}`, changes),
  faults: (changes) => call("PATCH", "/faults", changes),
  calm: () => call("DELETE", "/faults"),
  clock: (changes) => call("POST", "/clock", changes),
  spoilTokens: (appId, errcode) => call("POST", "/tokens/spoil", { app_id: appId, errcode }),
  configure: (appId, changes) => call("PATCH", `/accounts/${appId}`, changes),
  verifyUrl: (appId) => call("POST", `/accounts/${appId}/verify-url`),
  trades: () => call("GET", "/pay/trades"),
  payTrade: (number, given) => call("POST", `/pay/trades/${encodeURIComponent(number)}/pay`, { wait: false, ...given }),
  finishRefund: (number, outcome) => call("POST", `/pay/refunds/${encodeURIComponent(number)}/finish`, { outcome, wait: false }),
  noticeAgain: (id) => call("POST", `/pay/notices/${id}/again`),
  payDown: (minutes) => call("POST", "/pay/down", { minutes }),
  cashier: (given) => call("POST", "/pay/cashier", given),
  jssdk: (what, given) => call("POST", `/jssdk/${what}`, given),
  texts: (phone) => call("GET", `/texts?phone=${encodeURIComponent(phone)}`),
  reset: () => call("POST", "/reset"),
};

// Calls `changed` after every change on the platform; at most one call runs at a time and none is lost.
export function follow(changed) {
  let running = false;
  let again = false;
  const run = async () => {
    if (running) {
      again = true;
      return;
    }
    running = true;
    do {
      again = false;
      try {
        await changed();
      } catch (wrong) {
        console.error("refresh failed, the next change tries again", wrong);
      }
    } while (again);
    running = false;
  };
  new EventSource("/sandbox/api/stream").onmessage = run;
  return run;
}
