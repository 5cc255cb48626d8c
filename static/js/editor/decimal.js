// Exact decimals as text. Amounts of money are computed by the server; this is for what people type into a cell:
// Arabic digits, 12*10, the sum of two quantities. No floating point.

const DIGITS = new Map([..."٠١٢٣٤٥٦٧٨٩"].map((digit, at) => [digit, String(at)]).concat([..."۰۱۲۳۴۵۶۷۸۹"].map((digit, at) => [digit, String(at)])));
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)$/;

// Digits of any script as 0-9, the Arabic decimal mark as a point, a typographic minus as a plain one.
export const plain = (text) => [...text.trim()].map((char) => DIGITS.get(char) ?? ({ "٫": ".", "−": "-" })[char] ?? char).join("");

const read = (text) => {
  const number = plain(text);
  if (!NUMBER.test(number)) return null;
  const negative = number.startsWith("-");
  const [whole, fraction = ""] = number.replace(/^[+-]/, "").split(".");
  const units = BigInt(`${whole || "0"}${fraction}`);
  return { units: negative ? -units : units, places: fraction.length };
};

const write = ({ units, places }) => {
  const sign = units < 0n ? "-" : "";
  const digits = String(units < 0n ? -units : units).padStart(places + 1, "0");
  if (!places) return sign + digits;
  const fraction = digits.slice(-places).replace(/0+$/, "");
  return sign + digits.slice(0, -places) + (fraction ? `.${fraction}` : "");
};

const scaled = (number, places) => number.units * 10n ** BigInt(places - number.places);

export const isNumber = (text) => read(text) !== null;

export const add = (left, right) => {
  const one = read(left), other = read(right);
  if (!one || !other) return null;
  const places = Math.max(one.places, other.places);
  return write({ units: scaled(one, places) + scaled(other, places), places });
};

const multiply = (left, right) => {
  const one = read(left), other = read(right);
  if (!one || !other) return null;
  return write({ units: one.units * other.units, places: one.places + other.places });
};

// "12*10", "2.5 × 4 + 1" become their value; anything else stays as typed (digits made plain).
export const evaluate = (text) => {
  const typed = plain(text).replace(/[×xX]/g, "*").replace(/\s+/g, "");
  if (!/^[\d.]+(?:[*+][\d.]+)+$/.test(typed)) return plain(text);
  const sum = typed.split("+").reduce((total, term) => {
    const product = term.split("*").reduce((value, factor) => (value === null ? null : multiply(value, factor)), "1");
    return total === null || product === null ? null : add(total, product);
  }, "0");
  return sum ?? plain(text);
};

// 1,250.00 from a spreadsheet is 1250.00; "1,5" is left for the person to see.
export const ungrouped = (text) => {
  const number = plain(text).replace(/[\u00a0\u202f٬]/g, ",").replace(/^[^\d.+-]+|[^\d.]+$/g, "");
  if (!number) return plain(text);
  return /^[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?$/.test(number) ? number.replaceAll(",", "") : number;
};
