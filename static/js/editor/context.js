// What all parts of the editor share: the page's data, its words, and calls to the server.

const data = (id) => JSON.parse(document.getElementById(id).textContent);

export const config = data("editor-config");
const words = config.text;

// A text of the catalogue with its {places} filled.
export const text = (key, values = {}) =>
  Object.entries(values).reduce((line, [name, value]) => line.replaceAll(`{${name}}`, value), words[key] ?? key);

export const byId = (id) => document.getElementById(id);

// The name in the language of the page; the other one where it is empty.
export const nameOf = (thing) =>
  (config.language === "ar" ? thing.name_arabic || thing.name : thing.name || thing.name_arabic) || "";

const headers = () => JSON.parse(document.body.getAttribute("hx-headers"));

export class Offline extends Error {}

const call = async (method, url, body, { key, ...options } = {}) => {
  let answer;
  try {
    answer = await fetch(url, {
      method,
      headers: { "Content-Type": "application/json", Accept: "application/json", ...headers(), ...(key && { "Idempotency-Key": key }) },
      body: body === undefined ? undefined : JSON.stringify(body),
      credentials: "same-origin",
      ...options,
    });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Offline();
  }
  if (answer.status === 401) mizan.signedOut({ typed: "storage" in config ? "kept" : "open" });
  const type = answer.headers.get("Content-Type") ?? "";
  return { status: answer.status, body: type.includes("json") ? await answer.json() : null };
};

// Takes the forms' token of a sign-in in another tab; only when the same person works there for the same company.
const renewed = async () => {
  const { who, sessionUrl } = document.body.dataset;
  const { body } = await call("GET", sessionUrl);
  if (body?.who !== who) return false;
  document.body.setAttribute("hx-headers", JSON.stringify({ ...headers(), "X-CSRFToken": body.token }));
  return true;
};

// Sends JSON and returns {status, body}; under `key` it takes effect once. Throws Offline when nothing answered.
export const send = async (...request) => {
  const answer = await call(...request);
  if (answer.status !== 403 || answer.body?.code !== "csrf" || !(await renewed())) return answer;
  return call(...request);
};

export const find = async (url, query, signal) => {
  const { status, body } = await send("GET", `${url}?q=${encodeURIComponent(query)}`, undefined, { signal });
  return status === 200 ? body.results : [];
};

export const element = (name, css = "", content = "") => {
  const made = document.createElement(name);
  if (css) made.className = css;
  if (content !== "") made.textContent = content;
  return made;
};

// Names and codes stand isolated, so that they cannot turn the text around them.
export const bdi = (content, css = "") => {
  const made = element("bdi", css, content);
  made.dir = css === "code" ? "ltr" : "auto";
  return made;
};

// A choice by its name, the name in the other language small below: people know some by one and some by the other.
export const names = (thing) => {
  const name = nameOf(thing);
  const both = element("span", "picker-name");
  both.append(bdi(name));
  const other = [thing.name, thing.name_arabic].find((one) => one && one !== name);
  if (other) both.append(bdi(other, "picker-other"));
  return both;
};
